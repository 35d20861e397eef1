/// The function that answers the calls of one method.
///
/// `opening`, where it is given, runs before a request message is decoded, and makes of the call's
/// context what the handler takes: the place to authenticate.
/// An error that a handler throws is the call's status if it is an `RPCErrorConvertible`; of any
/// other the caller learns only `INTERNAL`. A handler's task is cancelled when its caller is gone.
package struct MethodHandler: Sendable {
  /// Whose calls it answers.
  package let method: MethodDescriptor

  /// Whether the handler starts with the headers, and not with the complete request.
  let isRequestStreaming: Bool

  /// - Returns: the only response message of a method that does not stream responses.
  let run: @Sendable (ServerStream, ServerContext) async throws -> [UInt8]?

  /// One request, one response.
  package static func unary<Request: Message, Response: Message, Context: Sendable>(
    _ method: MethodDescriptor,
    opening open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body: @escaping @Sendable (Request, Context) async throws -> Response
  ) -> MethodHandler {
    MethodHandler(method: method, isRequestStreaming: false) { stream, context in
      let context = try await open(context)
      let request: Request = try await stream.readRequest()
      return try await body(request, context).encoded()
    }
  }

  /// One request, any number of responses.
  package static func serverStreaming<Request: Message, Response: Message, Context: Sendable>(
    _ method: MethodDescriptor,
    opening open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body:
      @escaping @Sendable (Request, Context, ResponseWriter<Response>) async throws -> Void
  ) -> MethodHandler {
    MethodHandler(method: method, isRequestStreaming: false) { stream, context in
      let context = try await open(context)
      let request: Request = try await stream.readRequest()
      try await body(request, context, ResponseWriter(stream: stream))
      return nil
    }
  }

  /// Any number of requests, one response.
  package static func clientStreaming<Request: Message, Response: Message, Context: Sendable>(
    _ method: MethodDescriptor,
    opening open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body: @escaping @Sendable (RequestStream<Request>, Context) async throws -> Response
  ) -> MethodHandler {
    MethodHandler(method: method, isRequestStreaming: true) { stream, context in
      let context = try await open(context)
      return try await body(RequestStream(stream: stream), context).encoded()
    }
  }

  /// Any number of requests and responses, in any order.
  package static func bidirectional<Request: Message, Response: Message, Context: Sendable>(
    _ method: MethodDescriptor,
    opening open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body:
      @escaping @Sendable (
        RequestStream<Request>, Context, ResponseWriter<Response>
      ) async throws -> Void
  ) -> MethodHandler {
    MethodHandler(method: method, isRequestStreaming: true) { stream, context in
      let context = try await open(context)
      try await body(RequestStream(stream: stream), context, ResponseWriter(stream: stream))
      return nil
    }
  }

  private init(
    method: MethodDescriptor,
    isRequestStreaming: Bool,
    run: @escaping @Sendable (ServerStream, ServerContext) async throws -> [UInt8]?
  ) {
    self.method = method
    self.isRequestStreaming = isRequestStreaming
    self.run = run
  }
}

// Handlers that take the call's context as it is.
extension MethodHandler {
  /// One request, one response.
  package static func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) -> MethodHandler {
    unary(method, opening: { $0 }, body)
  }

  /// One request, any number of responses.
  package static func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body:
      @escaping @Sendable (Request, ServerContext, ResponseWriter<Response>) async throws -> Void
  ) -> MethodHandler {
    serverStreaming(method, opening: { $0 }, body)
  }

  /// Any number of requests, one response.
  package static func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ServerContext) async throws -> Response
  ) -> MethodHandler {
    clientStreaming(method, opening: { $0 }, body)
  }

  /// Any number of requests and responses, in any order.
  package static func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ body:
      @escaping @Sendable (
        RequestStream<Request>, ServerContext, ResponseWriter<Response>
      ) async throws -> Void
  ) -> MethodHandler {
    bidirectional(method, opening: { $0 }, body)
  }
}
