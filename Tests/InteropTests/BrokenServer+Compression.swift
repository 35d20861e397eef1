import GRPC
import Interop

extension BrokenServer {
  /// A server that takes a request if `accepts` says so of how it came and what it says of that.
  private static func unary(
    accepts: @escaping @Sendable (_ isCompressed: Bool, _ expected: Bool?) -> Bool
  ) -> MethodHandler {
    .unary(Methods.unaryCall) { (request: GRPCTesting.SimpleRequest, context) in
      guard accepts(context.isRequestCompressed, request.expectCompressed?.value) else {
        throw RPCError(.invalidArgument, "broken")
      }
      return GRPCTesting.SimpleResponse(payload: zeros(request.responseSize))
    }
  }

  private static func input(
    accepts: @escaping @Sendable (_ isCompressed: Bool, _ expected: Bool?) -> Bool
  ) -> MethodHandler {
    .clientStreaming(Methods.streamingInputCall) {
      (requests: RequestStream<GRPCTesting.StreamingInputCallRequest>, context) in
      var size = 0
      for try await request in requests {
        guard accepts(context.isRequestCompressed, request.expectCompressed?.value) else {
          throw RPCError(.invalidArgument, "broken")
        }
        size += request.payload?.body.count ?? 0
      }
      return GRPCTesting.StreamingInputCallResponse(aggregatedPayloadSize: Int32(size))
    }
  }

  /// A server that compresses its response if `compresses` says so of what was asked for.
  private static func unary(
    compresses: @escaping @Sendable (_ wanted: Bool) -> Bool
  ) -> MethodHandler {
    .unary(Methods.unaryCall) { (request: GRPCTesting.SimpleRequest, context) in
      let wanted = request.responseCompressed?.value ?? false
      context.setCompression(compresses(wanted) ? .gzip : .identity)
      return GRPCTesting.SimpleResponse(payload: zeros(request.responseSize))
    }
  }

  private static func output(
    compresses: @escaping @Sendable (_ wanted: Bool) -> Bool
  ) -> MethodHandler {
    .serverStreaming(Methods.streamingOutputCall) {
      (request: OutputRequest, context, responses: Outputs) in
      context.setCompression(.gzip)
      for wanted in request.responseParameters {
        try await responses.write(
          Output(payload: zeros(wanted.size)),
          compress: compresses(wanted.compressed?.value ?? false)
        )
      }
    }
  }

  static let compression = [
    BrokenServer("client_compressed_unary", "it never looks", unary { _, _ in true }),
    BrokenServer(
      "client_compressed_unary",
      "it wants all compressed",
      unary { isCompressed, _ in isCompressed }
    ),
    BrokenServer(
      "client_compressed_unary",
      "it wants none compressed",
      unary { isCompressed, _ in !isCompressed }
    ),
    BrokenServer("client_compressed_streaming", "it never looks", input { _, _ in true }),
    BrokenServer(
      "client_compressed_streaming",
      "it wants all compressed",
      input { isCompressed, _ in isCompressed }
    ),
    BrokenServer("server_compressed_unary", "it never compresses", unary { _ in false }),
    BrokenServer("server_compressed_unary", "it always compresses", unary { _ in true }),
    BrokenServer("server_compressed_streaming", "it never compresses", output { _ in false }),
    BrokenServer("server_compressed_streaming", "it always compresses", output { _ in true }),
    BrokenServer("server_compressed_streaming", "it compresses the others", output { !$0 }),
  ]
}
