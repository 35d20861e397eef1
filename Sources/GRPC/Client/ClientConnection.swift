import NIOCore
import NIOPosix

/// The client's end of a connection.
///
/// Calls may begin before the connection has come to be: nghttp2 keeps them until there is a
/// channel.
///
/// `@unchecked Sendable`: as `HTTP2Connection`.
final class ClientConnection: HTTP2Connection, @unchecked Sendable {
  let configuration: ClientConfiguration

  /// The fields that begin every request.
  let requestHeaders: HeaderBlock

  private(set) var isDraining = false
  /// Why the connection is gone.
  private(set) var failure: RPCError?

  /// Told once, on the loop, when the connection takes no more calls.
  private let retired: @Sendable (ClientConnection) -> Void

  init(
    scheme: String,
    authority: String,
    configuration: ClientConfiguration,
    eventLoop: any EventLoop,
    retired: @escaping @Sendable (ClientConnection) -> Void
  ) throws(HTTP2Failure) {
    self.configuration = configuration
    self.retired = retired
    var headers = HeaderBlock()
    headers.add(":method", "POST")
    headers.add(":scheme", scheme)
    headers.add(":authority", authority)
    requestHeaders = headers
    try super.init(
      .client,
      limits: HTTP2Limits(
        maxConcurrentStreams: configuration.windowStreams,
        maxHeaderListBytes: configuration.maxHeaderListBytes,
        streamWindowBytes: configuration.streamWindowBytes
      ),
      rules: ConnectionWatch.Rules(
        keepalive: configuration.keepalive?.noFaster(than: configuration.minKeepaliveTime)
      ),
      writeBufferBytes: configuration.writeBufferBytes,
      eventLoop: eventLoop,
      logger: configuration.logger
    )
  }

  func connect(host: String, port: Int, over transport: ClientTransport) {
    let limit = configuration.connectTimeout
    transport.context(logger, on: eventLoop).flatMap { context in
      ClientBootstrap(group: self.eventLoop)
        .connectTimeout(TimeAmount(limit))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try transport.add(self, to: channel, context, host: host, within: limit) {
              self.failToConnect("\(host):\(port)", $0)
            }
          }
        }
        .connect(host: host, port: port)
    }.whenFailure { self.failToConnect("\(host):\(port)", $0) }
  }

  private func failToConnect(_ address: String, _ error: any Error) {
    let error = RPCError(.unavailable, "cannot connect to \(address): \(error)")
    onLoop {
      self.failure = error
      self.lost(error)
    }
  }

  override func receivedGoAway() {
    guard !isDraining else { return }
    isDraining = true
    retired(self)
  }

  override func ended() {
    isDraining = true
    retired(self)
  }

  /// Ends all calls and the connection.
  func shutdown() -> EventLoopFuture<Void> {
    eventLoop.flatSubmit {
      let closed = self.context?.channel.closeFuture
      self.close(RPCError(.cancelled, "the client was closed"))
      return closed ?? self.eventLoop.makeSucceededVoidFuture()
    }
  }
}
