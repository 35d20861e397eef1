package import NIOCore
import Synchronization

/// Makes gRPC calls to the servers of one name.
///
/// Connects with the first call, balances calls over the servers as its service config says, and
/// connects again when a connection was lost. May be used from any task; cancelling the task of a
/// call cancels the call. Every call throws `RPCError` for whatever status is not OK, and what an
/// interceptor throws.
package final class GRPCClient: Sendable {
  private let interceptors: [any Interceptor<ClientContext, ClientContext>]
  private let defaults: CallPlan.Defaults
  private let channel: ClientChannel
  private let methods: MethodTable
  private let eventLoop: any EventLoop

  /// A client of one host, by name or address, that is not connected yet.
  ///
  /// Each of its connections is on one event loop of `group`.
  package convenience init(
    host: String,
    port: Int,
    security: ClientSecurity,
    configuration: ClientConfiguration = .init(),
    group: any EventLoopGroup
  ) {
    self.init(Target(host: host, port: port), security, configuration, group)
  }

  /// A client of a target in gRPC's text form, as in `dns:///host:port`.
  ///
  /// - Throws: `TargetError`, and `ServiceConfigError` for the configuration's.
  package convenience init(
    target: String,
    security: ClientSecurity,
    configuration: ClientConfiguration = .init(),
    group: any EventLoopGroup
  ) throws {
    try configuration.serviceConfig.validate()
    self.init(try Target(target), security, configuration, group)
  }

  /// A client of a name whose servers `resolver` knows; `authority` is the host and port that
  /// requests are addressed to.
  ///
  /// - Throws: `ServiceConfigError` for the configuration's.
  package convenience init(
    authority: String,
    resolver: any NameResolver,
    security: ClientSecurity,
    configuration: ClientConfiguration = .init(),
    group: any EventLoopGroup
  ) throws {
    try configuration.serviceConfig.validate()
    self.init(Target(authority: authority, resolver: resolver), security, configuration, group)
  }

  private init(
    _ target: Target,
    _ security: ClientSecurity,
    _ configuration: ClientConfiguration,
    _ group: any EventLoopGroup
  ) {
    interceptors = configuration.interceptors
    defaults = CallPlan.Defaults(configuration)
    channel = ClientChannel(
      target,
      over: ClientTransport(security),
      configuration: configuration,
      group: group
    )
    methods = MethodTable(configuration.serviceConfig.methods)
    eventLoop = group.next()
  }

  deinit {
    // Nobody waits for what `close` waits for.
    _ = channel.shutdown()
  }

  /// Whether calls can be made at the moment.
  package var connectivity: Connectivity { channel.connectivity }

  /// Ends all calls with `CANCELLED` and the connections; later calls fail with `UNAVAILABLE`.
  package func close() async {
    // A connection that failed to close is gone all the same.
    for closed in channel.shutdown() { try? await closed.get() }
  }

  /// One request, one response.
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions = .init()
  ) async throws -> Response {
    let bytes = request.encoded()
    let context = ClientContext(method: method, options: options)
    if interceptors.isEmpty {
      return try ClientStream.decode(try await unary(context, bytes))
    }
    var response: Response?
    try await intercept(context) { context in
      response = try ClientStream.decode(try await self.unary(context, bytes))
    }
    return try GRPCClient.given(response)
  }

  /// One request, any number of responses.
  package func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions = .init()
  ) -> ResponseStream<Response> {
    let bytes = request.encoded()
    return streaming(ClientContext(method: method, options: options)) { context, opened in
      let plan = try self.plan(context)
      let message = try await plan.sealed(bytes)
      let call = RetriedCall(self.channel, plan, sole: message, takesOneMessage: false)
      try await self.end(of: try await call.open(), opened)
    }
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
    var response: Response?
    try await intercept(ClientContext(method: method, options: options)) { context in
      let call = RetriedCall(self.channel, try self.plan(context), takesOneMessage: true)
      response = try ClientStream.decode(
        try await self.exchange(call, context.options, send)
      )
    }
    return try GRPCClient.given(response)
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
    streaming(ClientContext(method: method, options: options)) { context, opened in
      let call = RetriedCall(self.channel, try self.plan(context), takesOneMessage: false)
      try await self.exchange(call, send, opened)
    }
  }
}

// Calls and what stands around them.
extension GRPCClient {
  private func intercept(
    _ context: ClientContext,
    from index: Int = 0,
    _ body: (ClientContext) async throws -> Void
  ) async throws {
    guard index < interceptors.count else { return try await body(context) }
    try await interceptors[index].intercept(context) { context in
      try await self.intercept(context, from: index + 1, body)
    }
  }

  private static func given<Response>(_ response: Response?) throws -> Response {
    guard let response else {
      throw RPCError.notMade
    }
    return response
  }

  private func plan(_ context: ClientContext) throws -> CallPlan {
    try CallPlan(context, methods[context.method], defaults)
  }

  /// The common call: nothing is kept of it, and it needs one visit to the event loop.
  private func unary(_ context: ClientContext, _ request: [UInt8]) async throws -> [UInt8] {
    let plan = try plan(context)
    let message = try await plan.sealed(request)
    if plan.retryPolicy != nil {
      let call = RetriedCall(channel, plan, sole: message, takesOneMessage: true)
      return try await response(of: try await call.open(), context.options)
    }
    var retries = RetryState(nil)
    while true {
      let connection = try await channel.connection(for: plan)
      let stream = ClientStream(connection, plan, takesOneMessage: true)
      do {
        let response = try await stream.roundTrip(message)
        succeeded(stream, context.options)
        return response
      } catch {
        let wait = retries.wait(
          after: RPCError(answering: error),
          stream.reach,
          isCommitted: false,
          throttle: nil,
          random: 0
        )
        guard wait != nil else { throw error }
      }
    }
  }

  private func response(
    of stream: ClientStream,
    _ options: CallOptions
  ) async throws -> [UInt8] {
    let response = try await stream.read(.sole) ?? []
    succeeded(stream, options)
    return response
  }

  private func succeeded(_ stream: ClientStream, _ options: CallOptions) {
    channel.throttle?.succeeded()
    guard let onResponse = options.onResponse else { return }
    onResponse(
      ResponseInfo(
        initialMetadata: stream.initialMetadata,
        trailingMetadata: stream.trailingMetadata,
        isCompressed: stream.lastWasCompressed.load(ordering: .relaxed)
      )
    )
  }

  private func streaming<Response: Message>(
    _ context: ClientContext,
    _ run:
      @escaping @Sendable (ClientContext, @escaping @Sendable (ClientStream) -> Void)
      async throws -> Void
  ) -> ResponseStream<Response> {
    ResponseStream(
      StreamingCall(on: eventLoop) { opened in
        try await self.intercept(context) { try await run($0, opened) }
      }
    )
  }

  /// Hands the stream to its reader, and returns when the call has ended.
  private func end(of stream: ClientStream, _ opened: (ClientStream) -> Void) async throws {
    opened(stream)
    _ = try await stream.read(.end)
    channel.throttle?.succeeded()
  }

  /// Sends in the caller's task.
  private func exchange<Request: Message>(
    _ call: RetriedCall,
    _ options: CallOptions,
    _ send: @Sendable (RequestWriter<Request>) async throws -> Void
  ) async throws -> [UInt8] {
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      group.addTask { try await self.response(of: try await call.open(), options) }
      var failure: (any Error)?
      do {
        try await send(RequestWriter(call: call))
        call.halfClose()
      } catch {
        failure = error
        group.cancelAll()
      }
      do {
        return try await group.next() ?? []
      } catch let error as RPCError where error.code == .cancelled {
        throw failure ?? error
      }
    }
  }

  /// Sends in a task that is cancelled with the call.
  private func exchange<Request: Message>(
    _ call: RetriedCall,
    _ send: @escaping @Sendable (RequestWriter<Request>) async throws -> Void,
    _ opened: @escaping @Sendable (ClientStream) -> Void
  ) async throws {
    let outcome = await withTaskGroup(of: Half.self) { group in
      group.addTask {
        do {
          try await send(RequestWriter(call: call))
          call.halfClose()
          return .sent(isComplete: true)
        } catch {
          return .sent(isComplete: false)
        }
      }
      group.addTask {
        do {
          try await self.end(of: try await call.open(), opened)
          return .received(.success(()))
        } catch {
          return .received(.failure(error))
        }
      }
      var outcome = Result<Void, any Error>.success(())
      for await half in group {
        switch half {
        case .sent(isComplete: true): continue
        case .sent(isComplete: false): break
        case .received(let result): outcome = result
        }
        group.cancelAll()
      }
      return outcome
    }
    try outcome.get()
  }

  /// How one of the two tasks of a bidirectional call ended.
  private enum Half: Sendable {
    case sent(isComplete: Bool)
    case received(Result<Void, any Error>)
  }
}
