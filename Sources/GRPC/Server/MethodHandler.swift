/// The function that answers the calls of one method.
///
/// The interceptor, where one is given, runs before a request message is decoded, and makes of the
/// call's context what the handler takes: the place to authenticate.
/// An error that a handler throws is the call's status if it is an `RPCErrorConvertible`; of any
/// other the caller learns only `INTERNAL`. A handler's task is cancelled when its caller is gone.
@usableFromInline package final class MethodHandler: Sendable {
  /// Whose calls it answers.
  package let method: MethodDescriptor

  /// Whether the handler starts with the headers, and not with the complete request.
  let isRequestStreaming: Bool

  /// How long a call may take whose caller does not say.
  let timeout: Duration?

  /// - Returns: the only response message of a method that does not stream responses.
  let run: @Sendable (ServerCall) async throws -> [UInt8]?

  /// One request, one response.
  // Inlinable: without generics at run time a short call takes a tenth less.
  @inlinable package static func unary<Request: Message, Response: Message, Through: Interceptor>(
    _ method: MethodDescriptor,
    through interceptor: Through,
    _ body: @escaping @Sendable (Request, Through.Outgoing) async throws -> Response
  ) -> MethodHandler where Through.Incoming == ServerContext {
    MethodHandler(method: method, isRequestStreaming: false) { call in
      var response: [UInt8]?
      try await interceptor.intercept(call.context) { context in
        let request: Request = try ServerCall.decode(await call.request())
        response = try await body(request, context).encoded()
      }
      return response
    }
  }

  /// One request, any number of responses.
  package static func serverStreaming<Request: Message, Response: Message, Through: Interceptor>(
    _ method: MethodDescriptor,
    through interceptor: Through,
    _ body:
      @escaping @Sendable (Request, Through.Outgoing, ResponseWriter<Response>) async throws -> Void
  ) -> MethodHandler where Through.Incoming == ServerContext {
    MethodHandler(method: method, isRequestStreaming: false) { call in
      try await interceptor.intercept(call.context) { context in
        let request: Request = try ServerCall.decode(await call.request())
        try await body(request, context, ResponseWriter(stream: call.stream))
      }
      return nil
    }
  }

  /// Any number of requests, one response.
  package static func clientStreaming<Request: Message, Response: Message, Through: Interceptor>(
    _ method: MethodDescriptor,
    through interceptor: Through,
    _ body: @escaping @Sendable (RequestStream<Request>, Through.Outgoing) async throws -> Response
  ) -> MethodHandler where Through.Incoming == ServerContext {
    MethodHandler(method: method, isRequestStreaming: true) { call in
      var response: [UInt8]?
      try await interceptor.intercept(call.context) { context in
        response = try await body(RequestStream(stream: call.stream), context).encoded()
      }
      return response
    }
  }

  /// Any number of requests and responses, in any order.
  package static func bidirectional<Request: Message, Response: Message, Through: Interceptor>(
    _ method: MethodDescriptor,
    through interceptor: Through,
    _ body:
      @escaping @Sendable (
        RequestStream<Request>, Through.Outgoing, ResponseWriter<Response>
      ) async throws -> Void
  ) -> MethodHandler where Through.Incoming == ServerContext {
    MethodHandler(method: method, isRequestStreaming: true) { call in
      let stream = call.stream
      try await interceptor.intercept(call.context) { context in
        try await body(RequestStream(stream: stream), context, ResponseWriter(stream: stream))
      }
      return nil
    }
  }

  @usableFromInline init(
    method: MethodDescriptor,
    isRequestStreaming: Bool,
    timeout: Duration? = nil,
    run: @escaping @Sendable (ServerCall) async throws -> [UInt8]?
  ) {
    self.method = method
    self.isRequestStreaming = isRequestStreaming
    self.timeout = timeout
    self.run = run
  }
}

extension MethodHandler {
  /// The same with what a server adds to each of its handlers.
  ///
  /// - Parameters:
  ///   - timeout: For callers that give none.
  ///   - interceptors: The outermost first.
  /// - Returns: A handler of the same method.
  func serving(
    timeout: Duration?,
    through interceptors: [any Interceptor<ServerContext, ServerContext>]
  ) -> MethodHandler {
    var run = run
    for interceptor in interceptors.reversed() {
      let inner = run
      run = { call in
        var response: [UInt8]?
        try await interceptor.intercept(call.context) { context in
          response = try await inner(ServerCall(stream: call.stream, context: context))
        }
        return response
      }
    }
    return MethodHandler(
      method: method,
      isRequestStreaming: isRequestStreaming,
      timeout: timeout,
      run: run
    )
  }
}

/// The interceptor of handlers that take the call's context as it is.
private struct Untouched: Interceptor {
  func intercept(
    _ context: ServerContext,
    _ proceed: (ServerContext) async throws -> Void
  ) async throws {
    try await proceed(context)
  }
}

extension MethodHandler {
  /// One request, one response.
  package static func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) -> MethodHandler {
    unary(method, through: Untouched(), body)
  }

  /// One request, any number of responses.
  package static func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body:
      @escaping @Sendable (Request, ServerContext, ResponseWriter<Response>) async throws -> Void
  ) -> MethodHandler {
    serverStreaming(method, through: Untouched(), body)
  }

  /// Any number of requests, one response.
  package static func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ServerContext) async throws -> Response
  ) -> MethodHandler {
    clientStreaming(method, through: Untouched(), body)
  }

  /// Any number of requests and responses, in any order.
  package static func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body:
      @escaping @Sendable (
        RequestStream<Request>, ServerContext, ResponseWriter<Response>
      ) async throws -> Void
  ) -> MethodHandler {
    bidirectional(method, through: Untouched(), body)
  }
}
