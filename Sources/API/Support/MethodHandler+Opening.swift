package import GRPC
package import Protobuf

/// A request as it arrived, so that the caller can be refused before it is decoded.
private struct Undecoded: GRPC.Message {
  let bytes: [UInt8]

  init(decoding bytes: RawSpan) {
    self.bytes = [UInt8](copying: bytes)
  }

  func encoded() -> [UInt8] { bytes }

  func decoded<Request: ProtobufMessage>() throws -> Request {
    do throws(DecodeError) {
      return try Request(decoding: bytes)
    } catch {
      throw RPCError(code: .invalidArgument, message: "request: \(error)")
    }
  }
}

/// Handlers that open a call's context, and may refuse it, before they decode the request.
extension MethodHandler {
  package static func unary<Request: ProtobufMessage, Response: GRPC.Message, Context: Sendable>(
    _ method: MethodDescriptor,
    _ open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body: @escaping @Sendable (Request, Context) async throws -> Response
  ) -> MethodHandler {
    .unary(method) { (request: Undecoded, server) in
      let context = try await open(server)
      return try await body(request.decoded(), context)
    }
  }

  package static func serverStreaming<
    Request: ProtobufMessage,
    Response: GRPC.Message,
    Context: Sendable
  >(
    _ method: MethodDescriptor,
    _ open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body: @escaping @Sendable (Request, Context, ResponseWriter<Response>) async throws -> Void
  ) -> MethodHandler {
    .serverStreaming(method) { (request: Undecoded, server, responses) in
      let context = try await open(server)
      try await body(request.decoded(), context, responses)
    }
  }

  package static func clientStreaming<
    Request: GRPC.Message,
    Response: GRPC.Message,
    Context: Sendable
  >(
    _ method: MethodDescriptor,
    _ open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body: @escaping @Sendable (RequestStream<Request>, Context) async throws -> Response
  ) -> MethodHandler {
    .clientStreaming(method) { requests, server in
      let context = try await open(server)
      return try await body(requests, context)
    }
  }

  package static func bidirectional<
    Request: GRPC.Message,
    Response: GRPC.Message,
    Context: Sendable
  >(
    _ method: MethodDescriptor,
    _ open: @escaping @Sendable (ServerContext) async throws -> Context,
    _ body:
      @escaping @Sendable (RequestStream<Request>, Context, ResponseWriter<Response>) async throws
      -> Void
  ) -> MethodHandler {
    .bidirectional(method) { requests, server, responses in
      let context = try await open(server)
      try await body(requests, context, responses)
    }
  }
}
