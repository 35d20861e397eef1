import GRPC
import NIOPosix
import Testing

@Suite("Deadlines of a client", .timeLimit(.minutes(10)))
struct ClientDeadlineTests {
  /// Answers with the time that its caller has left, in milliseconds.
  private static let left = MethodHandler.unary(method("Left")) { (_: Bytes, context) in
    guard let deadline = context.deadline else { return Bytes("none") }
    return Bytes("\(Int((deadline - .now) / .milliseconds(1)))")
  }

  private func left(_ client: GRPCClient, _ options: CallOptions = .init()) async throws -> Int? {
    let answer: Bytes = try await client.unary(method("Left"), Bytes(""), options: options)
    return Int(answer.text)
  }

  @Test func `reach the servers that are called on behalf of a call, with a margin`()
    async throws
  {
    var configuration = ClientConfiguration()
    configuration.deadlineMargin = .seconds(100)
    try await withServer([Self.left], client: configuration) { inner, _, _ in
      let ask = MethodHandler.unary(method("Ask")) { (_: Bytes, _) in
        let one = try await left(inner)
        // Streams and child tasks too, and a timeout of one's own only makes it shorter.
        async let other = left(inner, CallOptions(timeout: .seconds(60)))
        return Bytes("\(one ?? -1) \(try await other ?? -1)")
      }
      try await withServer([ask]) { client, _, _ in
        let none: Bytes = try await client.unary(method("Ask"), Bytes(""))
        #expect(none.text.hasPrefix("-1 "))
        let answer: Bytes = try await client.unary(
          method("Ask"),
          Bytes(""),
          options: CallOptions(timeout: .seconds(1_000))
        )
        let times = answer.text.split(separator: " ").compactMap { Int($0) }
        #expect((800_000...900_000).contains(times[0]))
        #expect((1...60_000).contains(times[1]))
      }
    }
  }

  @Test func `that have passed fail a call without making it`() async throws {
    try await withServer([Self.left]) { inner, _, _ in
      // What is left is less than the margin.
      let ask = MethodHandler.unary(method("Ask")) { (_: Bytes, _) -> Bytes in
        let error = await status { _ = try await left(inner) }
        let stream = await status {
          let responses: ResponseStream<Bytes> = inner.serverStreaming(method("Left"), Bytes(""))
          for try await _ in responses {}
        }
        return Bytes("\(error?.code ?? .ok) \(stream?.code ?? .ok)")
      }
      try await withServer([ask]) { client, _, _ in
        var options = CallOptions(timeout: .seconds(1_000))
        let answer: Bytes = try await client.unary(method("Ask"), Bytes(""), options: options)
        #expect(answer.text == "OK OK")
        options.timeout = .zero
        let error = await status { _ = try await left(inner, options) }
        #expect(error?.code == .deadlineExceeded)
      }
    }
  }

  @Test func `of a method are the shorter of its config's and the caller's`() async throws {
    var config = MethodConfig(names: [.init(service: "test.v1.Test", method: "Left")])
    config.timeout = .seconds(100)
    var configuration = ClientConfiguration()
    configuration.serviceConfig.methods = [config]
    try await withServer([Self.left], client: configuration) { client, _, _ in
      let byConfig = try #require(try await left(client))
      #expect((50_000...100_000).contains(byConfig))
      let longer = try #require(try await left(client, CallOptions(timeout: .seconds(1_000))))
      #expect((50_000...100_000).contains(longer))
      let shorter = try #require(try await left(client, CallOptions(timeout: .seconds(40))))
      #expect((1...40_000).contains(shorter))
    }
  }

  @Test func `and limits of messages come from a method's config`() async throws {
    var config = MethodConfig(names: [.init(service: "test.v1.Test")])
    config.maxRequestMessageBytes = 10
    config.maxResponseMessageBytes = 5
    var configuration = ClientConfiguration()
    configuration.serviceConfig.methods = [config]
    try await withServer(client: configuration) { client, _, _ in
      for (count, code) in [(11, RPCCode.resourceExhausted), (6, .resourceExhausted), (5, nil)] {
        let error = await status {
          let _: Bytes = try await client.unary(
            method("Echo"),
            Bytes([UInt8](repeating: 0, count: count))
          )
        }
        #expect(error?.code == code)
      }
    }
  }
}
