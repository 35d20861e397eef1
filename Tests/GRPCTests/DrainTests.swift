import GRPC
import NIOCore
import NIOPosix
import Testing

@Suite("Shutting down", .timeLimit(.minutes(10)))
struct DrainTests {
  @Test func `a running call ends before its connection does`() async throws {
    let (started, go) = (Signal(), Signal())
    let handler = MethodHandler.unary(method("Slow")) { (request: Bytes, _) in
      started.send()
      try await go.wait()
      return request
    }
    try await withServer([handler]) { client, _, server in
      async let response: Bytes = client.unary(method("Slow"), Bytes("kept"))
      try await started.wait()
      async let shutdown: Void = server.shutdown(grace: .seconds(20))
      try await Task.sleep(for: .milliseconds(200))
      go.send()
      #expect(try await response.text == "kept")
      await shutdown
      let error = await status {
        let _: Bytes = try await client.unary(method("Slow"), Bytes("late"))
      }
      #expect(error?.code == .unavailable)
    }
  }

  @Test func `calls over the grace are UNAVAILABLE and their handlers cancelled`() async throws {
    let (started, cancelled) = (Signal(), Signal())
    let handler = MethodHandler.unary(method("Endless")) { (request: Bytes, _) in
      started.send()
      do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.send() }
      return request
    }
    try await withServer([handler]) { client, _, server in
      async let error = status {
        let _: Bytes = try await client.unary(method("Endless"), Bytes(""))
      }
      try await started.wait()
      await server.shutdown(grace: .milliseconds(100))
      #expect(await error?.code == .unavailable)
      try await cancelled.wait()
    }
  }

  @Test func `an idle server shuts down long before its grace`() async throws {
    try await withServer { client, _, server in
      let _: Bytes = try await client.unary(method("Echo"), Bytes(""))
      // Were the grace waited for, this test would not end within the limit of the run.
      await server.shutdown(grace: .seconds(86_400))
    }
  }

  @Test func `restarting the server under load loses no call`() async throws {
    try await withServer(configure: steadyPort) { client, port, server in
      let isDone = Signal()
      let callers = (0..<8).map { _ in
        Task {
          var count = 0
          while isDone.value == 0 {
            // While nobody listens there is nothing to be lost.
            let error = await status {
              let _: Bytes = try await client.unary(method("Echo"), Bytes("x"))
            }
            if let error, !error.message.contains("cannot connect") { throw error }
            count += 1
            // A call that fails at once never waits, and keeps its thread from everybody else.
            if error != nil { try await Task.sleep(for: .milliseconds(5)) }
          }
          return count
        }
      }
      try await Task.sleep(for: .milliseconds(100))
      await server.shutdown(grace: .seconds(10))
      let second = makeServer(
        standardHandlers,
        ServerConfiguration(host: "127.0.0.1", port: port, security: .plaintext)
      )
      _ = try await second.start()
      try await Task.sleep(for: .milliseconds(100))
      isDone.send()
      for caller in callers { #expect(try await caller.value > 0) }
      await second.shutdown(grace: .seconds(10))
    }
  }

  @Test func `the client connects again after the server came back`() async throws {
    try await withServer(configure: steadyPort) { client, port, server in
      let _: Bytes = try await client.unary(method("Echo"), Bytes("1"))
      await server.shutdown(grace: .zero)
      let second = makeServer(
        standardHandlers,
        ServerConfiguration(host: "127.0.0.1", port: port, security: .plaintext)
      )
      _ = try await second.start()
      let response: Bytes = try await client.unary(method("Echo"), Bytes("2"))
      #expect(response.text == "2")
      await second.shutdown(grace: .seconds(1))
    }
  }

  @Test func `a refused connection is UNAVAILABLE`() async throws {
    // Port 1 of the loopback is nobody's.
    let client = GRPCClient(
      host: "127.0.0.1",
      port: 1,
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
    for _ in 0..<2 {
      let error = await status { let _: Bytes = try await client.unary(method("Echo"), Bytes("")) }
      #expect(error?.code == .unavailable)
    }
    await client.close()
    let error = await status { let _: Bytes = try await client.unary(method("Echo"), Bytes("")) }
    #expect(error?.code == .unavailable)
  }
}
