package import NIOCore
import Synchronization

/// Makes gRPC calls to one server, over one HTTP/2 connection on one event loop.
///
/// Connects with the first call, and again with the next call after the connection was lost. May be
/// used from any task; cancelling the task of a call cancels the call. Every call throws `RPCError`
/// for whatever status is not OK.
package final class GRPCClient: Sendable {
  private let host: String
  private let port: Int
  private let transport: ClientTransport
  private let configuration: ClientConfiguration
  private let eventLoop: any EventLoop
  private let state = Mutex(State())

  private struct State {
    var connection: ClientConnection?
    var isClosed = false
  }

  /// A client that is not connected yet, on an event loop of `group`.
  package init(
    host: String,
    port: Int,
    security: ClientSecurity,
    configuration: ClientConfiguration = .init(),
    group: any EventLoopGroup
  ) {
    self.host = host
    self.port = port
    transport = ClientTransport(security)
    self.configuration = configuration
    eventLoop = group.next()
  }

  deinit {
    // Nobody waits for what `close` waits for.
    _ = state.withLock { $0.connection.take() }?.shutdown()
  }

  /// One request, one response.
  ///
  /// A call that the server is known not to have seen (its connection was going away) is made once
  /// more.
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions = .init()
  ) async throws -> Response {
    var message = try message(request, options)
    if compression(options) == .gzip { message = await message.compressed() }
    let call = try start(method, options, sole: message, takesOneMessage: true)
    do {
      return try await call.response(options)
    } catch {
      guard call.isUnprocessed else { throw error }
    }
    return try await start(method, options, sole: message, takesOneMessage: true)
      .response(options)
  }

  /// One request, any number of responses.
  package func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions = .init()
  ) -> ResponseStream<Response> {
    // Compressing may take its time, which this function has not got.
    guard compression(options) == .identity else {
      return bidirectional(method, options: options) { try await $0.write(request) }
    }
    return ResponseStream(
      Result {
        try start(method, options, sole: message(request, options), takesOneMessage: false)
      }
    )
  }

  /// Any number of requests, which `send` writes, and one response.
  ///
  /// What `send` throws ends the call and is thrown here, unless the server has ended the call
  /// before: then its answer counts.
  package func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions = .init(),
    _ send: @Sendable (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response {
    let call = try start(method, options, sole: nil, takesOneMessage: true)
    do {
      try await send(RequestWriter(stream: call))
      call.connection.onLoop { call.endOutbound(.halfClose) }
    } catch {
      guard try await call.hasEnded() else {
        call.connection.onLoop { call.cancel() }
        throw error
      }
    }
    return try await call.response(options)
  }

  /// Any number of requests, which `send` writes, and of responses, in any order.
  ///
  /// `send` runs in a task of its own that is cancelled with the call; what it throws cancels the
  /// call.
  package func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions = .init(),
    _ send: @escaping @Sendable (RequestWriter<Request>) async throws -> Void
  ) -> ResponseStream<Response> {
    ResponseStream(
      Result {
        let call = try start(method, options, sole: nil, takesOneMessage: false)
        let sender = Task {
          do {
            try await send(RequestWriter(stream: call))
            call.connection.onLoop { call.endOutbound(.halfClose) }
          } catch {
            call.connection.onLoop { call.cancel() }
          }
        }
        call.connection.onLoop { call.setSender(sender) }
        return call
      }
    )
  }

  /// Ends all calls with `CANCELLED` and the connection; later calls fail with `UNAVAILABLE`.
  package func close() async {
    let connection = state.withLock { state in
      state.isClosed = true
      return state.connection.take()
    }
    // A connection that failed to close is gone all the same.
    try? await connection?.shutdown().get()
  }

  private func message(
    _ request: some Message,
    _ options: CallOptions
  ) throws(RPCError) -> WireMessage {
    let limit = options.maxRequestBytes ?? configuration.maxSendMessageBytes
    return try WireMessage(request.encoded(), limit: limit)
  }

  private func compression(_ options: CallOptions) -> Compression {
    options.compression ?? configuration.compression
  }

  private func start(
    _ method: MethodDescriptor,
    _ options: CallOptions,
    sole message: WireMessage?,
    takesOneMessage: Bool
  ) throws -> ClientStream {
    let call = ClientStream(try connection(), options, takesOneMessage: takesOneMessage)
    call.connection.onLoop { call.start(method, options, sole: message) }
    return call
  }

  private func connection() throws -> ClientConnection {
    try state.withLock { state in
      if let connection = state.connection { return connection }
      guard !state.isClosed else { throw RPCError(.unavailable, "the client was closed") }
      let connection = try ClientConnection(
        scheme: transport.scheme,
        authority: transport.authority(host: host, port: port),
        configuration: configuration,
        eventLoop: eventLoop
      ) { [weak self] connection in
        self?.forget(connection)
      }
      state.connection = connection
      connection.connect(host: host, port: port, over: transport)
      return connection
    }
  }

  /// The next call makes a new connection.
  private func forget(_ connection: ClientConnection) {
    state.withLock { state in
      if state.connection === connection { state.connection = nil }
    }
  }
}
