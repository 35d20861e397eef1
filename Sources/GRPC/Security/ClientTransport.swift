import Logging
import NIOCore
import NIOSSL

/// How the connections of a client become secure; one for all of them.
struct ClientTransport: Sendable {
  private let tls: ClientTLS?
  private let credentials: TLSCredentials?

  init(_ security: ClientSecurity) {
    switch security {
    case .plaintext:
      tls = nil
      credentials = nil
    case .tls(let tls):
      self.tls = tls
      credentials = tls.credentials()
    }
  }

  /// The value of `:scheme`.
  var scheme: String { tls == nil ? "http" : "https" }

  /// The value of `:authority`.
  func authority(of target: Target) -> String { tls?.serverName ?? target.authority }

  /// What a new connection begins with: `nil` for plaintext.
  func context(
    _ logger: Logger?,
    on eventLoop: any EventLoop
  ) -> EventLoopFuture<NIOSSLContext?> {
    guard let credentials else { return eventLoop.makeSucceededFuture(nil) }
    return credentials.refresh(logger, on: eventLoop).map { $0 }
  }

  /// Puts `connection` into the pipeline, behind a handshake if there is a context.
  ///
  /// The handshake takes at most `time`; `refused` is told why the connection did not become
  /// secure.
  func add(
    _ connection: HTTP2Connection,
    to channel: any Channel,
    _ context: NIOSSLContext?,
    host: String,
    within time: Duration,
    refused: @escaping (SecurityError) -> Void
  ) throws {
    let handlers = channel.pipeline.syncOperations
    guard let context, let tls else { return try handlers.addHandler(connection) }
    let first = try NIOSSLClientHandler(
      context: context,
      serverHostname: tls.expectedName(of: host)
    )
    let handshake = TLSHandshake(first, within: time) { _ in
      connection
    } refused: {
      refused($0)
    }
    try handlers.addHandlers(first, handshake)
  }
}
