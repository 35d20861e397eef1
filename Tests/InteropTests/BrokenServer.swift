import GRPC
import Interop
import Synchronization
import Testing

/// A server that one case must not be content with: the proof that the case asks for something.
struct BrokenServer: Sendable, CustomTestStringConvertible {
  /// The case that must fail.
  let testCase: String
  /// What the server does wrong.
  let fault: String
  /// What it does so; the other methods are as they should be.
  let handlers: [MethodHandler]

  var testDescription: String { "\(testCase): \(fault)" }

  init(_ testCase: String, _ fault: String, _ handlers: MethodHandler...) {
    self.testCase = testCase
    self.fault = fault
    self.handlers = handlers
  }

  static let all = unary + metadata + streaming + statuses + ends + soaks + compression

  /// Nothing but what should not be there: no case of anybody's client passes.
  static let nothing: [MethodHandler] = [
    .unary(Methods.unimplementedCall) { (request: GRPCTesting.Empty, _) in request },
    .unary(GRPCTesting.UnimplementedServiceMethods.unimplementedCall) {
      (request: GRPCTesting.Empty, _) in request
    },
  ]

  typealias Methods = GRPCTesting.TestServiceMethods
  typealias Output = GRPCTesting.StreamingOutputCallResponse
  typealias OutputRequest = GRPCTesting.StreamingOutputCallRequest
  typealias Outputs = ResponseWriter<Output>
  typealias OutputRequests = RequestStream<OutputRequest>

  static func zeros(_ count: some BinaryInteger) -> GRPCTesting.Payload {
    GRPCTesting.Payload(body: [UInt8](repeating: 0, count: Int(count)))
  }

  /// A server whose `UnaryCall` makes its payload so.
  static func unary(
    _ payload: @escaping @Sendable (GRPCTesting.SimpleRequest) throws -> GRPCTesting.Payload
  ) -> MethodHandler {
    .unary(Methods.unaryCall) { (request: GRPCTesting.SimpleRequest, _) in
      GRPCTesting.SimpleResponse(payload: try payload(request))
    }
  }

  /// A server whose `StreamingOutputCall` makes the sizes of its payloads so.
  static func streaming(_ sizes: @escaping @Sendable ([Int32]) -> [Int32]) -> MethodHandler {
    .serverStreaming(Methods.streamingOutputCall) {
      (request: OutputRequest, _, responses: Outputs) in
      for size in sizes(request.responseParameters.map(\.size)) {
        try await responses.write(Output(payload: zeros(size)))
      }
    }
  }

  static func duplex(
    _ body: @escaping @Sendable (OutputRequests, ServerContext, Outputs) async throws -> Void
  ) -> MethodHandler {
    .bidirectional(Methods.fullDuplexCall, body)
  }

  static let answersWhenAllIsThere = duplex { requests, _, responses in
    var sizes: [Int32] = []
    for try await request in requests { sizes += request.responseParameters.map(\.size) }
    for size in sizes { try await responses.write(Output(payload: zeros(size))) }
  }
}

extension BrokenServer {
  private static let unary = [
    BrokenServer(
      "empty_unary",
      "the response has bytes",
      .unary(Methods.emptyCall) { (_: GRPCTesting.Empty, _) in
        GRPCTesting.SimpleResponse(username: "x")
      }
    ),
    BrokenServer(
      "empty_unary",
      "the call fails",
      .unary(Methods.emptyCall) { (_: GRPCTesting.Empty, _) -> GRPCTesting.Empty in
        throw RPCError(.internalError, "broken")
      }
    ),
    BrokenServer("large_unary", "a byte is missing", unary { zeros($0.responseSize - 1) }),
    BrokenServer(
      "large_unary",
      "a byte is no zero",
      unary { request in
        var payload = zeros(request.responseSize)
        payload.body[payload.body.count - 1] = 1
        return payload
      }
    ),
    BrokenServer("concurrent_large_unary", "one of the calls fails", everyOtherFails(after: 998)),
  ]

  /// A server whose `UnaryCall` fails after so many calls that went well.
  private static func everyOtherFails(after count: Int) -> MethodHandler {
    let calls = Atomic(0)
    return unary { request in
      guard calls.add(1, ordering: .relaxed).oldValue < count else {
        throw RPCError(.unavailable, "broken")
      }
      return zeros(request.responseSize)
    }
  }

  private static let streaming = [
    BrokenServer(
      "client_streaming",
      "the last request is not counted",
      .clientStreaming(Methods.streamingInputCall) {
        (requests: RequestStream<GRPCTesting.StreamingInputCallRequest>, _) in
        var sizes: [Int] = []
        for try await request in requests { sizes.append(request.payload?.body.count ?? 0) }
        return GRPCTesting.StreamingInputCallResponse(
          aggregatedPayloadSize: Int32(sizes.dropLast().reduce(0, +))
        )
      }
    ),
    BrokenServer("server_streaming", "one is missing", streaming { $0.dropLast() }),
    BrokenServer("server_streaming", "one is too much", streaming { $0 + [1] }),
    BrokenServer("server_streaming", "they are in another order", streaming { $0.reversed() }),
    BrokenServer("server_streaming", "one is too short", streaming { $0.map { max(10, $0) - 1 } }),
    BrokenServer("ping_pong", "nothing comes before all was sent", answersWhenAllIsThere),
    BrokenServer(
      "ping_pong",
      "there is one more at the end",
      duplex { requests, _, responses in
        for try await request in requests {
          for size in request.responseParameters.map(\.size) {
            try await responses.write(Output(payload: zeros(size)))
          }
        }
        try await responses.write(Output())
      }
    ),
    BrokenServer("ping_pong", "it ends at once", duplex { _, _, _ in }),
    BrokenServer(
      "empty_stream",
      "there is a response",
      duplex { _, _, responses in try await responses.write(Output()) }
    ),
    BrokenServer(
      "empty_stream",
      "a request is missed",
      duplex { requests, _, _ in
        for try await _ in requests { return }
        throw RPCError(.invalidArgument, "broken")
      }
    ),
  ]

  /// A server that echoes only what `keep` lets through.
  private static func echo(
    initial: @escaping @Sendable (String) -> String?,
    trailing: @escaping @Sendable ([UInt8]) -> [UInt8]?
  ) -> (unary: MethodHandler, duplex: MethodHandler) {
    let echo = { @Sendable (context: ServerContext) in
      var metadata = Metadata()
      if let text = initial(context.metadata[EchoedMetadata.initial] ?? "") {
        metadata.add(text, for: EchoedMetadata.initial)
      }
      context.setInitialMetadata(metadata)
      metadata = Metadata()
      if let bytes = trailing(context.metadata[binary: EchoedMetadata.trailing] ?? []) {
        metadata.add(binary: bytes, for: EchoedMetadata.trailing)
      }
      context.setTrailingMetadata(metadata)
    }
    return (
      .unary(Methods.unaryCall) { (request: GRPCTesting.SimpleRequest, context) in
        echo(context)
        return GRPCTesting.SimpleResponse(payload: zeros(request.responseSize))
      },
      duplex { requests, context, responses in
        echo(context)
        for try await request in requests {
          for size in request.responseParameters.map(\.size) {
            try await responses.write(Output(payload: zeros(size)))
          }
        }
      }
    )
  }

  private static let metadata = [
    BrokenServer(
      "custom_metadata",
      "none comes ahead of a response",
      echo(initial: { _ in nil }, trailing: { $0 }).unary
    ),
    BrokenServer(
      "custom_metadata",
      "none comes behind a response",
      echo(initial: { $0 }, trailing: { _ in nil }).unary
    ),
    BrokenServer(
      "custom_metadata",
      "another text comes ahead of a stream",
      echo(initial: { $0.uppercased() }, trailing: { $0 }).duplex
    ),
    BrokenServer(
      "custom_metadata",
      "fewer bytes come behind a stream",
      echo(initial: { $0 }, trailing: { $0.dropLast() }).duplex
    ),
  ]
}
