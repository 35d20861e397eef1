import GRPC
import Synchronization
import Testing

/// Shows a token.
private struct Token: Interceptor {
  let text: String

  func intercept(
    _ context: ClientContext,
    _ proceed: (ClientContext) async throws -> Void
  ) async throws {
    var context = context
    context.options.metadata.add(text, for: "x-token")
    try await proceed(context)
  }
}

/// Writes down how calls end.
private final class Outcomes: Interceptor {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func intercept(
    _ context: ClientContext,
    _ proceed: (ClientContext) async throws -> Void
  ) async throws {
    let name = context.method.method
    do {
      try await proceed(context)
      lines.withLock { $0.append("\(name) OK") }
    } catch {
      lines.withLock { $0.append("\(name) \(RPCError(answering: error).code)") }
      throw error
    }
  }
}

/// Lets nothing through.
private struct Refusal: Interceptor {
  func intercept(
    _ context: ClientContext,
    _ proceed: (ClientContext) async throws -> Void
  ) async throws {
    throw RPCError(.permissionDenied, "not from here")
  }
}

@Suite("Interceptors of a client", .timeLimit(.minutes(10)))
struct ClientInterceptorTests {
  private static let tokens: [MethodHandler] = [
    .unary(method("Token")) { (_: Bytes, context) in Bytes(context.metadata["x-token"] ?? "") },
    .serverStreaming(method("Tokens")) { (_: Bytes, context, responses: ResponseWriter<Bytes>) in
      try await responses.write(Bytes(context.metadata["x-token"] ?? ""))
    },
  ]

  private func configuration(
    _ interceptors: any Interceptor<ClientContext, ClientContext>...
  ) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.interceptors = interceptors
    return configuration
  }

  /// A call of each kind: the last word of each, or its status.
  private func callAll(_ client: GRPCClient) async -> [RPCError?] {
    [
      await status { let _: Bytes = try await client.unary(method("Echo"), Bytes("x")) },
      await status {
        let stream: ResponseStream<Bytes> = client.serverStreaming(method("Repeat"), Bytes("2"))
        for try await _ in stream {}
      },
      await status {
        let _: Bytes = try await client.clientStreaming(method("Join")) {
          (requests: RequestWriter<Bytes>) in try await requests.write(Bytes("1"))
        }
      },
      await status {
        let stream: ResponseStream<Bytes> = client.bidirectional(method("Chat")) {
          (requests: RequestWriter<Bytes>) in try await requests.write(Bytes("1"))
        }
        for try await _ in stream {}
      },
    ]
  }

  @Test func `may add to a call, the outermost first`() async throws {
    let client = configuration(Token(text: "outer"), Token(text: "inner"))
    try await withServer(Self.tokens, client: client) { client, _, _ in
      let answer: Bytes = try await client.unary(method("Token"), Bytes(""))
      #expect(answer.text == "outer")
      let stream: ResponseStream<Bytes> = client.serverStreaming(method("Tokens"), Bytes(""))
      for try await answer in stream { #expect(answer.text == "outer") }
    }
  }

  @Test func `see how a call of any kind ends, before its caller does`() async throws {
    let outcomes = Outcomes()
    try await withServer(client: configuration(outcomes)) { client, _, _ in
      #expect(await callAll(client) == [nil, nil, nil, nil])
      #expect(outcomes.all == ["Echo OK", "Repeat OK", "Join OK", "Chat OK"])
      _ = await status { let _: Bytes = try await client.unary(method("Fail"), Bytes("")) }
      _ = await status {
        let stream: ResponseStream<Bytes> = client.serverStreaming(method("Fail"), Bytes(""))
        for try await _ in stream {}
      }
      #expect(outcomes.all.suffix(2) == ["Fail FAILED_PRECONDITION", "Fail FAILED_PRECONDITION"])
    }
  }

  @Test func `see that a stream was dropped`() async throws {
    let outcomes = Outcomes()
    try await withServer(client: configuration(outcomes)) { client, _, _ in
      do {
        let stream: ResponseStream<Bytes> = client.serverStreaming(
          method("Repeat"),
          Bytes("1000000")
        )
        var iterator = stream.makeAsyncIterator()
        _ = try await iterator.next()
      }
      while outcomes.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      #expect(outcomes.all == ["Repeat CANCELLED"])
    }
  }

  @Test func `may refuse a call of any kind`() async throws {
    let outcomes = Outcomes()
    try await withServer(client: configuration(outcomes, Refusal())) { client, _, _ in
      for error in await callAll(client) {
        #expect(error == RPCError(.permissionDenied, "not from here"))
      }
      #expect(outcomes.all.count == 4)
    }
  }
}
