import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GRPC

@Suite("Health of servers", .timeLimit(.minutes(10)))
struct HealthWatchTests {
  /// A health service that says what a test wants.
  private final class Health: Sendable {
    let status = Mutex<UInt8>(1)
    let asked = Mutex<[[UInt8]]>([])

    var handler: MethodHandler {
      .serverStreaming(MethodDescriptor(service: "grpc.health.v1.Health", method: "Watch")) {
        (request: Bytes, _, responses: ResponseWriter<Bytes>) in
        self.asked.withLock { $0.append(request.bytes) }
        var said: UInt8?
        while true {
          let now = self.status.withLock { $0 }
          if now != said { try await responses.write(Bytes([0x08, now])) }
          said = now
          try await Task.sleep(for: .milliseconds(5))
        }
      }
    }
  }

  private func configuration(
    _ policy: ServiceConfig.LoadBalancing = .roundRobin
  ) -> ClientConfiguration {
    var configuration = hasty(policy)
    configuration.serviceConfig.healthCheckedService = "a.A"
    return configuration
  }

  /// Asks until ten answers in a row come from `name`.
  private func settles(_ name: String, _ client: GRPCClient) async throws {
    var count = 0
    for _ in 0..<3_000 {
      count = try await who(client) == name ? count + 1 : 0
      if count == 10 { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("not always \(name)")
  }

  @Test func `decides which of them get calls`() async throws {
    let (one, two) = (Health(), Health())
    let a = try await startServer("a", [one.handler])
    let b = try await startServer("b", [two.handler])
    try await withClient(try Names([a.port, b.port]), configuration()) { client in
      two.status.withLock { $0 = 2 }
      try await settles("a", client)
      one.status.withLock { $0 = 2 }
      two.status.withLock { $0 = 1 }
      try await settles("b", client)
      two.status.withLock { $0 = 3 }
      while client.connectivity != .transientFailure {
        try await Task.sleep(for: .milliseconds(5))
      }
      let error = await status { let _: Bytes = try await client.unary(method("Who"), Bytes("")) }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("not serving") == true)
      one.status.withLock { $0 = 1 }
      try await settles("a", client)
      #expect(one.asked.withLock { $0 } == [[0x0a, 3] + [UInt8]("a.A".utf8)])
    }
    await a.server.shutdown(grace: .zero)
    await b.server.shutdown(grace: .zero)
  }

  @Test func `of one that cannot be asked is good`() async throws {
    let a = try await startServer("a")
    try await withClient(try Names([a.port]), configuration()) { client in
      let name = try await who(client)
      #expect(name == "a")
    }
    await a.server.shutdown(grace: .zero)
  }

  @Test func `is asked for again when the answer ends`() async throws {
    let count = Mutex(0)
    let moody = MethodHandler.serverStreaming(
      MethodDescriptor(service: "grpc.health.v1.Health", method: "Watch")
    ) { (_: Bytes, _, responses: ResponseWriter<Bytes>) in
      let isLater = count.withLock { count in
        count += 1
        return count > 2
      }
      guard isLater else { throw RPCError(.internalError, "not now") }
      try await responses.write(Bytes([0x08, 1]))
      try await Task.sleep(for: .seconds(3_600))
    }
    let a = try await startServer("a", [moody])
    try await withClient(try Names([a.port]), configuration()) { client in
      let name = try await who(client)
      #expect(name == "a")
    }
    await a.server.shutdown(grace: .zero)
  }

  @Test func `is not asked for by pick first`() async throws {
    let health = Health()
    health.status.withLock { $0 = 2 }
    let a = try await startServer("a", [health.handler])
    try await withClient(try Names([a.port]), configuration(.pickFirst)) { client in
      let name = try await who(client)
      #expect(name == "a")
      #expect(health.asked.withLock { $0 }.isEmpty)
    }
    await a.server.shutdown(grace: .zero)
  }

  @Test func `is asked for and told in protobuf`() {
    #expect(HealthWatch.request("") == [])
    #expect(HealthWatch.request("ab") == [0x0a, 2, 0x61, 0x62])
    let long = String(repeating: "x", count: 300)
    #expect(HealthWatch.request(long) == [0x0a, 0xac, 0x02] + [UInt8](long.utf8))
    #expect(HealthWatch.isServing([0x08, 1]))
    #expect(HealthWatch.isServing([0x08, 2, 0x08, 1]))
    for other: [UInt8] in [
      [], [0x08], [0x08, 0], [0x08, 2], [0x08, 3], [0x08, 0x81, 1], [9, 1],
    ] {
      #expect(!HealthWatch.isServing(other))
    }
  }
}
