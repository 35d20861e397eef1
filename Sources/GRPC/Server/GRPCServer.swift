import Glibc
package import Logging
package import NIOCore
import NIOPosix
import Synchronization

/// Answers gRPC calls on one port, over plaintext HTTP/2.
///
/// Each connection lives on one event loop of the group, and its handlers run there.
package final class GRPCServer: Sendable {
  /// How long after `shutdown`'s grace the peers have to close what was ended.
  private static let lastWords = Duration.seconds(1)

  private let configuration: ServerConfiguration
  private let handlers: [String: MethodHandler]
  private let group: any EventLoopGroup
  private let logger: Logger
  private let budget: RequestBudget
  private let offences: OffenceLog
  private let state = Mutex(State())

  private struct State {
    var listener: (any Channel)?
    var connections: [ObjectIdentifier: (connection: ServerConnection, channel: any Channel)] = [:]
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
    self.handlers = Dictionary(served.map { ($0.method.path, $0) }) { $1 }
    self.group = group
    self.logger = logger
    budget = RequestBudget(limit: configuration.maxRequestBytes)
    offences = OffenceLog(logger)
  }

  /// Begins to listen.
  ///
  /// - Returns: the address that it listens on.
  /// - Throws: `RPCError` when it was started or shut down before; the system's error when the
  ///   address cannot be bound.
  package func start() async throws -> SocketAddress {
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
    return address
  }

  private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let isFull = state.withLock { $0.connections.count >= configuration.maxConnections }
      let address = channel.remoteAddress
      if isFull {
        offences.record(.tooManyConnections, peer: "\(address?.ipAddress ?? "unknown")")
        throw RPCError(.resourceExhausted, "too many connections")
      }
      let connection = try ServerConnection(
        configuration: configuration,
        handlers: handlers,
        peer: "\(address?.ipAddress ?? "unknown"):\(address?.port ?? 0)",
        budget: budget,
        eventLoop: channel.eventLoop,
        logger: logger,
        offences: offences
      )
      try channel.pipeline.syncOperations.addHandler(connection)
      let id = ObjectIdentifier(connection)
      let isShutDown = state.withLock { state in
        state.connections[id] = (connection, channel)
        return state.isShutDown
      }
      channel.closeFuture.whenComplete { _ in
        self.state.withLock { state in _ = state.connections.removeValue(forKey: id) }
      }
      if isShutDown { connection.drain() }
    }
  }

  /// Stops listening, lets the running calls end, and closes all connections.
  ///
  /// - Parameter grace: how long calls may still run; then they are answered `UNAVAILABLE` and
  ///   their handlers are cancelled.
  package func shutdown(grace: Duration) async {
    let (listener, connections) = state.withLock { state in
      state.isShutDown = true
      return (state.listener, Array(state.connections.values))
    }
    // Failing to close what is closed is as good.
    try? await listener?.close()
    for (connection, _) in connections { connection.onLoop { connection.drain() } }

    let last = Task {
      try await Task.sleep(for: grace)
      for (connection, _) in connections { connection.onLoop { connection.abortAll() } }
      try await Task.sleep(for: GRPCServer.lastWords)
      for (_, channel) in connections { channel.close(promise: nil) }
    }
    for (_, channel) in connections { try? await channel.closeFuture.get() }
    last.cancel()
  }
}
