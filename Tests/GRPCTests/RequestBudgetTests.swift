import NIOCore
import NIOPosix
import Testing

@testable import GRPC

@Suite("What callers may fill", .timeLimit(.minutes(1)))
struct RequestBudgetTests {
  private static let large = Bytes([UInt8](repeating: 1, count: 100_000))

  /// A handler that answers when it is let.
  private func holding(_ started: Signal, _ gate: Signal) -> MethodHandler {
    .unary(method("Hold")) { (_: Bytes, _) in
      started.send()
      try await gate.wait()
      return Bytes("held")
    }
  }

  @Test func `what would be too much for all callers is refused, small requests are served`()
    async throws
  {
    let (started, gate) = (Signal(), Signal())
    try await withServer(
      standardHandlers + [holding(started, gate)],
      configure: { $0.maxRequestBytes = 150_000 }
    ) { client, _, _ in
      async let first: Bytes = client.unary(method("Hold"), Self.large)
      try await started.wait()
      let refused = await status {
        let _: Bytes = try await client.unary(method("Echo"), Self.large)
      }
      #expect(refused?.code == .unavailable)
      let small: Bytes = try await client.unary(method("Echo"), Bytes("small"))
      #expect(small.text == "small")
      gate.send()
      #expect(try await first.text == "held")
      // What was taken has been given back.
      for _ in 0..<3 {
        let again: Bytes = try await client.unary(method("Echo"), Self.large)
        #expect(again == Self.large)
      }
    }
  }

  @Test func `connections beyond the limit are closed, those within it are served`() async throws {
    try await withServer(configure: { $0.maxConnections = 2 }) { client, port, _ in
      let first: Bytes = try await client.unary(method("Echo"), Bytes("in"))
      #expect(first.text == "in")
      var others: [any Channel] = []
      for _ in 0..<2 {
        others.append(
          try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        )
        try await Task.sleep(for: .milliseconds(100))
      }
      try await others[1].closeFuture.get()
      #expect(others[0].isActive)
      let still: Bytes = try await client.unary(method("Echo"), Bytes("still in"))
      #expect(still.text == "still in")
      try await others[0].close()
    }
  }

  @Test func `a status that is too long for header fields ends its call all the same`() async throws
  {
    let long = String(repeating: "học bạ ", count: 40_000)
    let handler = MethodHandler.unary(method("Long")) { (_: Bytes, _) -> Bytes in
      throw RPCError(.notFound, long, details: [UInt8](repeating: 7, count: 200_000))
    }
    try await withServer([handler]) { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(
          method("Long"),
          Bytes(""),
          options: CallOptions(timeout: .seconds(10))
        )
      }
      #expect(error?.code == .notFound)
      #expect(error.map { long.hasPrefix($0.message.prefix(300)) && !$0.message.isEmpty } == true)
      #expect(error?.details == [])
    }
  }

  @Test func `errors of the transport get the details that the server gives them`() async throws {
    try await withServer(configure: { configuration in
      configuration.maxMessageBytes = 10
      configuration.describe = { RPCError($0.code, $0.message, details: [1, 2]) }
    }) { client, _, _ in
      for (name, request) in [("None", "x"), ("Echo", "more than ten"), ("Crash", "x")] {
        let error = await status {
          let _: Bytes = try await client.unary(method(name), Bytes(request))
        }
        #expect(error?.details == [1, 2], "\(name)")
      }
      let error = await status {
        let _: Bytes = try await client.unary(method("Fail"), Bytes(""))
      }
      #expect(error?.details == [8, 9, 0, 255], "\(String(describing: error))")
    }
  }
}
