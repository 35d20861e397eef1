import GRPC
import Interop
import Synchronization

extension BrokenServer {
  /// A server whose `UnaryCall` ends so.
  private static func ends(
    _ status: @escaping @Sendable (GRPCTesting.EchoStatus) -> RPCError?
  ) -> MethodHandler {
    unary { request in
      if let error = status(request.responseStatus ?? GRPCTesting.EchoStatus()) { throw error }
      return zeros(0)
    }
  }

  static let statuses = [
    BrokenServer(
      "status_code_and_message",
      "the code is another",
      ends { RPCError(.internalError, $0.message) }
    ),
    BrokenServer(
      "status_code_and_message",
      "the message is another",
      ends { RPCError(.unknown, $0.message + " ") }
    ),
    BrokenServer("status_code_and_message", "the call succeeds", ends { _ in nil }),
    BrokenServer("status_code_and_message", "the stream succeeds", duplex { _, _, _ in }),
    BrokenServer(
      "special_status_message",
      "blanks are cut off",
      ends { RPCError(.unknown, String($0.message.drop(while: \.isWhitespace))) }
    ),
    BrokenServer(
      "special_status_message",
      "it is in ASCII",
      ends { RPCError(.unknown, String($0.message.map { $0.isASCII ? $0 : "?" })) }
    ),
    BrokenServer(
      "unimplemented_method",
      "it is implemented",
      .unary(Methods.unimplementedCall) { (request: GRPCTesting.Empty, _) in request }
    ),
    BrokenServer(
      "unimplemented_method",
      "it is NOT_FOUND",
      .unary(Methods.unimplementedCall) { (_: GRPCTesting.Empty, _) -> GRPCTesting.Empty in
        throw RPCError(.notFound, "broken")
      }
    ),
    BrokenServer(
      "unimplemented_service",
      "it is implemented",
      .unary(GRPCTesting.UnimplementedServiceMethods.unimplementedCall) {
        (request: GRPCTesting.Empty, _) in request
      }
    ),
  ]

  static let ends = [
    BrokenServer(
      "cancel_after_begin",
      "the call ends by itself",
      .clientStreaming(Methods.streamingInputCall) {
        (_: RequestStream<GRPCTesting.StreamingInputCallRequest>, _) in
        GRPCTesting.StreamingInputCallResponse()
      }
    ),
    BrokenServer(
      "cancel_after_begin",
      "the call is refused",
      .clientStreaming(Methods.streamingInputCall) {
        (_: RequestStream<GRPCTesting.StreamingInputCallRequest>, _)
          -> GRPCTesting.StreamingInputCallResponse in
        throw RPCError(.aborted, "broken")
      }
    ),
    BrokenServer(
      "cancel_after_first_response",
      "there is no response",
      duplex { requests, _, _ in for try await _ in requests { return } }
    ),
    BrokenServer(
      "cancel_after_first_response",
      "the call ends by itself",
      duplex { requests, _, responses in
        for try await request in requests {
          let size = request.responseParameters.first?.size ?? 0
          return try await responses.write(Output(payload: zeros(size)))
        }
      }
    ),
    BrokenServer(
      "cancel_after_first_response",
      "the response is too short",
      duplex { requests, _, responses in
        for try await _ in requests { try await responses.write(Output(payload: zeros(9))) }
      }
    ),
    BrokenServer("timeout_on_sleeping_server", "it does not sleep", duplex { _, _, _ in }),
    BrokenServer(
      "timeout_on_sleeping_server",
      "it ends the call otherwise",
      duplex { _, _, _ in throw RPCError(.cancelled, "broken") }
    ),
  ]

  /// A server whose `UnaryCall` works the first time, and then never.
  private static let worksOnce: MethodHandler = {
    let calls = Atomic(0)
    return unary { request in
      guard calls.add(1, ordering: .relaxed).oldValue == 0 else {
        throw RPCError(.unavailable, "broken")
      }
      return zeros(request.responseSize)
    }
  }()

  static let soaks = [
    BrokenServer("rpc_soak", "it works once", worksOnce),
    BrokenServer("channel_soak", "a byte is missing", unary { zeros($0.responseSize - 1) }),
  ]
}
