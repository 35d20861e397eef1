import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GRPC

/// A server that fails as a test says.
private final class Script: Sendable {
  /// What the server saw of each attempt: the number of those before, and the request.
  struct Seen: Equatable {
    let previous: String?
    let request: String
  }

  private let failures: Mutex<[RPCError]>
  private let attempts = Mutex<[Seen]>([])

  init(_ failures: [RPCError]) {
    self.failures = Mutex(failures)
  }

  var seen: [Seen] { attempts.withLock { $0 } }

  func meet(_ context: ServerContext, _ request: String) throws {
    let previous = context.metadata["grpc-previous-rpc-attempts"]
    attempts.withLock { $0.append(Seen(previous: previous, request: request)) }
    let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    if let failure { throw failure }
  }

  var handlers: [MethodHandler] {
    [
      .unary(method("Unary")) { (request: Bytes, context) in
        try self.meet(context, request.text)
        return request
      },
      .serverStreaming(method("Server")) {
        (request: Bytes, context, responses: ResponseWriter<Bytes>) in
        try self.meet(context, request.text)
        for text in ["a", "b"] { try await responses.write(Bytes(text)) }
      },
      .serverStreaming(method("Late")) {
        (request: Bytes, context, responses: ResponseWriter<Bytes>) in
        try await responses.write(Bytes("first"))
        try self.meet(context, request.text)
      },
      .clientStreaming(method("Client")) { (requests: RequestStream<Bytes>, context) in
        var texts: [String] = []
        for try await request in requests { texts.append(request.text) }
        try self.meet(context, texts.joined(separator: ","))
        return Bytes("\(texts.count)")
      },
      .bidirectional(method("Both")) {
        (requests: RequestStream<Bytes>, context, responses: ResponseWriter<Bytes>) in
        var isFirst = true
        for try await request in requests {
          if isFirst { try self.meet(context, request.text) }
          isFirst = false
          try await responses.write(request)
        }
      },
    ]
  }
}

@Suite("Retries", .timeLimit(.minutes(10)))
struct RetryTests {
  private static let unavailable = RPCError(.unavailable, "busy")

  private static func configuration(
    maxAttempts: Int = 3,
    wait: Duration = .milliseconds(5)
  ) -> ClientConfiguration {
    var config = MethodConfig(names: [.init(service: "test.v1.Test")])
    config.retryPolicy = RetryPolicy(
      maxAttempts: maxAttempts,
      backoff: Backoff(initial: wait),
      retryableCodes: [.unavailable]
    )
    var configuration = ClientConfiguration()
    configuration.serviceConfig.methods = [config]
    return configuration
  }

  private func withScript(
    _ failures: [RPCError],
    _ configuration: ClientConfiguration = Self.configuration(),
    _ body: (GRPCClient, Script) async throws -> Void
  ) async throws {
    let script = Script(failures)
    try await withServer(script.handlers, client: configuration) { client, _, _ in
      try await body(client, script)
    }
  }

  @Test func `a unary call is made again, and says how often it was`() async throws {
    try await withScript([Self.unavailable, Self.unavailable]) { client, script in
      let answer: Bytes = try await client.unary(method("Unary"), Bytes("x"))
      #expect(answer.text == "x")
      #expect(script.seen.map(\.previous) == [nil, "1", "2"])
    }
  }

  @Test func `the last failure stands when the attempts are used up`() async throws {
    let failures = [Self.unavailable, Self.unavailable, RPCError(.unavailable, "still busy")]
    try await withScript(failures) { client, script in
      let error = await status { let _: Bytes = try await client.unary(method("Unary"), Bytes("")) }
      #expect(error == RPCError(.unavailable, "still busy"))
      #expect(script.seen.count == 3)
    }
  }

  @Test func `other failures, and methods without a policy, are made once`() async throws {
    try await withScript([RPCError(.aborted, "no")]) { client, script in
      let error = await status { let _: Bytes = try await client.unary(method("Unary"), Bytes("")) }
      #expect(error?.code == .aborted)
      #expect(script.seen.count == 1)
    }
    try await withScript([Self.unavailable], ClientConfiguration()) { client, script in
      let error = await status { let _: Bytes = try await client.unary(method("Unary"), Bytes("")) }
      #expect(error?.code == .unavailable)
      #expect(script.seen.count == 1)
    }
  }

  @Test func `streams are made again with all that was sent`() async throws {
    try await withScript([Self.unavailable, Self.unavailable]) { client, script in
      let responses: ResponseStream<Bytes> = client.serverStreaming(method("Server"), Bytes("q"))
      var texts: [String] = []
      for try await response in responses { texts.append(response.text) }
      #expect(texts == ["a", "b"])
      #expect(script.seen.map(\.request) == ["q", "q", "q"])
    }
    try await withScript([Self.unavailable, Self.unavailable]) { client, script in
      let count: Bytes = try await client.clientStreaming(method("Client")) {
        (requests: RequestWriter<Bytes>) in
        for text in ["1", "2", "3"] { try await requests.write(Bytes(text)) }
      }
      #expect(count.text == "3")
      #expect(script.seen.map(\.request) == ["1,2,3", "1,2,3", "1,2,3"])
    }
    try await withScript([Self.unavailable, Self.unavailable]) { client, script in
      let numbers = (0..<500).map { "\($0)" }
      let responses: ResponseStream<Bytes> = client.bidirectional(method("Both")) {
        (requests: RequestWriter<Bytes>) in
        for number in numbers { try await requests.write(Bytes(number)) }
      }
      var texts: [String] = []
      for try await response in responses { texts.append(response.text) }
      #expect(texts == numbers)
      #expect(script.seen.map(\.previous) == [nil, "1", "2"])
    }
  }

  @Test func `a call whose answer has begun is not made again`() async throws {
    try await withScript([Self.unavailable]) { client, script in
      let responses: ResponseStream<Bytes> = client.serverStreaming(method("Late"), Bytes(""))
      var iterator = responses.makeAsyncIterator()
      let first = try await iterator.next()
      #expect(first?.text == "first")
      let error = await status { _ = try await iterator.next() }
      #expect(error?.code == .unavailable)
      #expect(script.seen.count == 1)
    }
  }

  @Test func `a call whose requests are too much to be kept is not made again`() async throws {
    var configuration = Self.configuration()
    configuration.retryBufferBytes = 100
    try await withScript([Self.unavailable], configuration) { client, script in
      let error = await status {
        let _: Bytes = try await client.clientStreaming(method("Client")) {
          (requests: RequestWriter<Bytes>) in
          for _ in 0..<20 { try await requests.write(Bytes("0123456789")) }
        }
      }
      #expect(error?.code == .unavailable)
      #expect(script.seen.count == 1)
      #expect(script.seen.first?.request.count == 219)
      let large = Bytes([UInt8](repeating: 65, count: 101))
      let answer: Bytes = try await client.unary(method("Unary"), large)
      #expect(answer == large)
    }
  }

  @Test func `a server may say when, or never`() async throws {
    var soon = Self.unavailable
    _ = soon.metadata.receive("1", for: "grpc-retry-pushback-ms")
    // The policy's own wait would not end within the test.
    try await withScript([soon], Self.configuration(wait: .seconds(3_600))) { client, script in
      let _: Bytes = try await client.unary(method("Unary"), Bytes(""))
      #expect(script.seen.count == 2)
    }
    var never = Self.unavailable
    _ = never.metadata.receive("-1", for: "grpc-retry-pushback-ms")
    try await withScript([never]) { client, script in
      let error = await status { let _: Bytes = try await client.unary(method("Unary"), Bytes("")) }
      #expect(error?.code == .unavailable)
      #expect(script.seen.count == 1)
    }
  }

  @Test func `a deadline is of all attempts together`() async throws {
    let failures = [RPCError](repeating: Self.unavailable, count: 10)
    try await withScript(failures, Self.configuration(wait: .seconds(3_600))) { client, script in
      let error = await status {
        let _: Bytes = try await client.unary(
          method("Unary"),
          Bytes(""),
          options: CallOptions(timeout: .milliseconds(500))
        )
      }
      // Not the failure of the first attempt, and not after the wait for the second.
      #expect(error?.code == .deadlineExceeded)
      #expect(script.seen.count <= 1)
    }
  }

  @Test func `a caller who is cancelled does not wait for the next attempt`() async throws {
    let failures = [RPCError](repeating: Self.unavailable, count: 10)
    try await withScript(failures, Self.configuration(wait: .seconds(3_600))) { client, script in
      let caller = Task {
        await status { let _: Bytes = try await client.unary(method("Unary"), Bytes("")) }
      }
      while script.seen.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      caller.cancel()
      #expect(await caller.value?.code == .cancelled)
    }
  }

  @Test func `a client whose calls fail too often makes none again`() async throws {
    var configuration = Self.configuration()
    configuration.serviceConfig.retryThrottling = RetryThrottling(
      maxTokens: 2,
      milliTokenRatio: 1_000
    )
    try await withScript([Self.unavailable], configuration) { client, script in
      let error = await status { let _: Bytes = try await client.unary(method("Unary"), Bytes("")) }
      #expect(error?.code == .unavailable)
      #expect(script.seen.count == 1)
      // A success earns a token.
      let _: Bytes = try await client.unary(method("Unary"), Bytes(""))
    }
  }
}
