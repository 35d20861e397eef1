import NIOCore
import NIOPosix
import Synchronization

/// The client's end of a connection.
///
/// `@unchecked Sendable`: as `HTTP2Connection`.
final class ClientConnection: HTTP2Connection, @unchecked Sendable {
  /// What its owner is told, on the loop, each at most once and in this order.
  enum Event: Sendable {
    /// The server has shown that it speaks HTTP/2.
    case ready
    /// No more calls can be made.
    case retired(RPCError)
    /// The connection is gone and all its calls have ended.
    case ended
  }

  let configuration: ClientConfiguration
  /// The same as the configuration's, for each call.
  let maxHeaderListBytes: Int
  private let address: SocketAddress
  private let target: Target
  private let transport: ClientTransport

  private(set) var isDraining = false
  /// The streams up to this one have left, or begun to.
  private(set) var highestSent: Int32 = 0

  private let tell: @Sendable (ClientConnection, Event) -> Void
  private var isReady = false
  private var connectTimer: Scheduled<Void>?
  private var isAbandoned = false

  /// The fields that each call of the latest method begins with.
  private var latestHeaders: (method: MethodDescriptor, block: HeaderBlock)?

  private let submitted = Mutex<[ClientStream]>([])
  /// Swapped with `submitted`, so that neither is allocated again.
  private var starting: [ClientStream] = []

  init(
    address: SocketAddress,
    of target: Target,
    over transport: ClientTransport,
    configuration: ClientConfiguration,
    eventLoop: any EventLoop,
    tell: @escaping @Sendable (ClientConnection, Event) -> Void
  ) throws(HTTP2Failure) {
    self.address = address
    self.target = target
    self.transport = transport
    self.configuration = configuration
    maxHeaderListBytes = configuration.maxHeaderListBytes
    self.tell = tell
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

  /// Connects, and gives up when the server has not answered in HTTP/2 by then.
  func connect(timeout: Duration) {
    onLoop { self.beginToConnect(timeout) }
  }

  private func beginToConnect(_ timeout: Duration) {
    guard !isClosed else { return }
    connectTimer = eventLoop.scheduleTask(in: TimeAmount(timeout)) {
      self.close(RPCError(.unavailable, "no answer within \(timeout)"))
    }
    transport.context(logger, on: eventLoop).flatMap { context in
      var bootstrap = ClientBootstrap(group: self.eventLoop).connectTimeout(TimeAmount(timeout))
      if self.address.protocol != .unix {
        bootstrap = bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
      }
      return bootstrap.channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let host = self.target.host
          try self.transport.add(self, to: channel, context, host: host, within: timeout) {
            self.failed($0)
          }
        }
      }.connect(to: self.address)
    }.whenFailure { self.failed($0) }
  }

  private func failed(_ error: any Error) {
    onLoop { self.lost(RPCError(.unavailable, "\(error)")) }
  }

  override func receivedSettings() {
    guard !isReady, !isClosed else { return }
    isReady = true
    connectTimer?.cancel()
    connectTimer = nil
    tell(self, .ready)
  }

  override func receivedGoAway() {
    retire(RPCError(.unavailable, "the server is going away"))
  }

  override func sentHeaders(stream: Int32) {
    highestSent = max(highestSent, stream)
  }

  override func ended() {
    connectTimer?.cancel()
    connectTimer = nil
    var reason = lossReason ?? RPCError(.unavailable, "the connection was closed")
    if !isReady { reason.message = "cannot connect to \(address.text): \(reason.message)" }
    retire(reason)
    tell(self, .ended)
  }

  /// Takes no more calls; those that run go on.
  private func retire(_ reason: RPCError) {
    guard !isDraining else { return }
    isDraining = true
    tell(self, .retired(reason))
  }

  /// Takes no more calls and closes after those that run.
  override func drain() {
    guard !isClosed, !isAbandoned else { return }
    isAbandoned = true
    retire(RPCError(.unavailable, "the connection takes no more calls"))
    session.submitGoAway()
    needsFlush()
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

// Calls that begin.
extension ClientConnection {
  /// Begins a call; from any thread.
  ///
  /// Calls that come while the loop is busy are begun together, and leave in one write.
  func begin(_ stream: ClientStream) {
    guard !eventLoop.inEventLoop else {
      startSubmitted()
      return stream.start()
    }
    let isFirst = submitted.withLock { submitted in
      submitted.append(stream)
      return submitted.count == 1
    }
    if isFirst { eventLoop.execute { self.startSubmitted() } }
  }

  /// Begins the calls that were submitted from other threads; on the loop.
  func startSubmitted() {
    submitted.withLock { swap(&$0, &starting) }
    guard !starting.isEmpty else { return }
    inTurn {
      for stream in starting { stream.start() }
    }
    starting.removeAll(keepingCapacity: true)
  }

  /// The fields that each call of a method begins with; on the loop.
  func headers(of method: MethodDescriptor) -> HeaderBlock {
    if let latestHeaders, latestHeaders.method == method { return latestHeaders.block }
    var block = HeaderBlock()
    block.add(":method", "POST")
    block.add(":scheme", transport.scheme)
    block.add(":authority", transport.authority(of: target))
    block.add(":path", method.path)
    block.add("te", "trailers")
    block.add("content-type", "application/grpc")
    block.add("grpc-accept-encoding", Compression.accepted)
    block.add("user-agent", "grpc-swift-nghttp2/1.0")
    latestHeaders = (method, block)
    return block
  }
}

extension SocketAddress {
  /// `address:port`, or the path of a socket.
  var text: String {
    guard let ipAddress, let port else { return pathname ?? "\(self)" }
    return ipAddress.contains(":") ? "[\(ipAddress)]:\(port)" : "\(ipAddress):\(port)"
  }
}
