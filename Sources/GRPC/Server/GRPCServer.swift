import Glibc
package import Logging
package import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Answers gRPC calls on one port.
///
/// Each connection lives on one event loop of the group, and its handlers run there.
package final class GRPCServer: Sendable {
  /// How long after `shutdown`'s grace the peers have to close what was ended.
  private static let lastWords = Duration.seconds(1)

  private let configuration: ServerConfiguration
  private let router: Router
  private let group: any EventLoopGroup
  private let logger: Logger
  private let budget: RequestBudget
  private let unread: UnreadAnswers
  private let offences: OffenceLog
  /// `nil`: plaintext.
  private let credentials: TLSCredentials?
  private let state = Mutex(State())

  private struct State {
    var listener: (any Channel)?
    /// All that were accepted, also those that are not secured yet.
    var channels: [ObjectIdentifier: any Channel] = [:]
    /// By channel.
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    var peak = ConnectionPeak()
    var reloading: Task<Void, any Error>?
    var isShutDown = false
  }

  /// A server that does not listen yet; of two handlers for one method the last counts.
  package init(
    configuration: ServerConfiguration,
    handlers: [MethodHandler],
    group: any EventLoopGroup,
    logger: Logger
  ) {
    self.configuration = configuration
    let served = handlers.map { handler in
      handler.serving(
        timeout: configuration.defaultTimeout(handler.method),
        through: configuration.interceptors
      )
    }
    router = Router(served)
    self.group = group
    self.logger = logger
    budget = RequestBudget(limit: configuration.maxRequestBytes)
    unread = UnreadAnswers(limit: configuration.maxUnreadBytes)
    offences = OffenceLog(logger)
    if case .tls(let tls) = configuration.security {
      credentials = tls.credentials()
    } else {
      credentials = nil
    }
  }

  deinit {
    state.withLock { $0.reloading?.cancel() }
  }

  /// Begins to listen.
  ///
  /// - Returns: the address that it listens on.
  /// - Throws: `RPCError` when it was started or shut down before; `SecurityError` when its
  ///   certificates cannot be used; the system's error when the address cannot be bound.
  package func start() async throws -> SocketAddress {
    _ = try await credentials?.refresh(logger)
    let listener = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // A peer that went without a word is found out, in the kernel's time; at the latest when
      // what it was sent has not been acknowledged for longer than a connection may stall.
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(
        .tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)),
        value: Int(Int32(clamping: (configuration.connections.stallTime * 2).milliseconds))
      )
      .childChannelInitializer { channel in self.accept(channel) }
      .bind(host: configuration.host, port: configuration.port)
      .get()
    let isFirst = state.withLock { state in
      guard !state.isShutDown, state.listener == nil else { return false }
      state.listener = listener
      return true
    }
    guard isFirst, let address = listener.localAddress else {
      try await listener.close()
      throw RPCError(.failedPrecondition, "the server was started before, or is shut down")
    }
    keepCredentialsFresh()
    return address
  }

  /// Looks at the certificates' files now and then.
  private func keepCredentialsFresh() {
    guard let credentials, case .tls(let tls) = configuration.security else { return }
    let reloading = Task { [logger] in
      while true {
        try await Task.sleep(for: tls.reloadInterval)
        _ = try await credentials.refresh(logger)
      }
    }
    state.withLock { $0.reloading = reloading }
  }

  private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let id = ObjectIdentifier(channel)
      let isFull = state.withLock { state in
        guard state.channels.count < configuration.maxConnections else { return true }
        state.channels[id] = channel
        state.peak.changed(to: state.channels.count)
        return false
      }
      if isFull {
        offences.record(.tooManyConnections, peer: GRPCServer.peer(of: channel))
        throw RPCError(.resourceExhausted, "too many connections")
      }
      channel.closeFuture.whenComplete { _ in
        self.state.withLock { state in
          state.channels[id] = nil
          state.connections[id] = nil
          state.peak.changed(to: state.channels.count)
        }
      }
      let handlers = channel.pipeline.syncOperations
      guard case .tls(let tls) = configuration.security, let context = credentials?.context else {
        return try handlers.addHandler(makeConnection(channel, certificate: nil))
      }
      let peer = GRPCServer.peer(of: channel)
      let first = NIOSSLServerHandler(context: context)
      let handshake = TLSHandshake(first, within: tls.handshakeTime) { certificate in
        try self.makeConnection(channel, certificate: certificate)
      } refused: { error in
        self.offences.record(.failedTLSHandshake, peer: peer, ["detail": "\(error)"])
      }
      try handlers.addHandlers(first, handshake)
    }
  }

  private static func peer(of channel: any Channel) -> String {
    let address = channel.remoteAddress
    return "\(address?.ipAddress ?? "unknown"):\(address?.port ?? 0)"
  }

  private func makeConnection(
    _ channel: any Channel,
    certificate: PeerCertificate?
  ) throws -> ServerConnection {
    let connection = try ServerConnection(
      configuration: configuration,
      router: router,
      peer: GRPCServer.peer(of: channel),
      peerCertificate: certificate,
      budget: budget,
      unread: unread,
      eventLoop: channel.eventLoop,
      logger: logger,
      offences: offences
    )
    let isShutDown = state.withLock { state in
      state.connections[ObjectIdentifier(channel)] = connection
      return state.isShutDown
    }
    if isShutDown { connection.drain() }
    return connection
  }

  /// Stops listening, lets the running calls end, and closes all connections.
  ///
  /// - Parameter grace: how long calls may still run; then they are answered `UNAVAILABLE` and
  ///   their handlers are cancelled.
  package func shutdown(grace: Duration) async {
    let (listener, channels, connections) = state.withLock { state in
      state.isShutDown = true
      state.reloading?.cancel()
      return (state.listener, state.channels, state.connections)
    }
    // Failing to close what is closed is as good.
    try? await listener?.close()
    for (id, channel) in channels {
      // One that is not secured yet has no call.
      guard let connection = connections[id] else {
        channel.eventLoop.execute {
          let isSecured = self.state.withLock { $0.connections[id] != nil }
          if !isSecured { channel.close(promise: nil) }
        }
        continue
      }
      connection.onLoop { connection.drain() }
    }

    let last = Task {
      try await Task.sleep(for: grace)
      for connection in connections.values { connection.onLoop { connection.abortAll() } }
      try await Task.sleep(for: GRPCServer.lastWords)
      for channel in channels.values { channel.close(promise: nil) }
    }
    for channel in channels.values { try? await channel.closeFuture.get() }
    last.cancel()
  }
}
