import GRPC
import Interop
import NIOPosix
import Testing

/// The cases hold a server of ours, and do not hold one that is broken.
@Suite("Cases", .timeLimit(.minutes(10)))
struct CaseTests {
  static let names = InteropCase.all.map(\.name)

  @Test func `they are those that the interoperability tests name`() {
    #expect(
      Set(CaseTests.names) == [
        "empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong",
        "empty_stream", "custom_metadata", "status_code_and_message", "special_status_message",
        "unimplemented_method", "unimplemented_service", "cancel_after_begin",
        "cancel_after_first_response", "timeout_on_sleeping_server", "concurrent_large_unary",
        "rpc_soak", "channel_soak", "client_compressed_unary", "client_compressed_streaming",
        "server_compressed_unary", "server_compressed_streaming",
      ]
    )
    #expect(CaseTests.names.count == 21)
    #expect(InteropCase.named("soak")?.name == "rpc_soak")
    #expect(InteropCase.named("no_such_case") == nil)
  }

  @Test(arguments: names) func `our client and our server pass`(_ name: String) async throws {
    try await withServer { client, _ in try await run(name, client) }
  }

  @Test(arguments: names) func `they pass over TLS`(_ name: String) async throws {
    try await withServer(authority: Authority.shared.get()) { client, _ in
      try await run(name, client)
    }
  }

  @Test func `the server tells a client that shows a certificate its name`() async throws {
    let request = GRPCTesting.SimpleRequest(fillUsername: true)
    try await withServer(authority: Authority.shared.get()) { client, _ in
      let service = GRPCTesting.TestServiceClient(client.channel)
      let response = try await service.unaryCall(request)
      #expect(response.username == "client")
    }
    try await withServer { client, _ in
      let service = GRPCTesting.TestServiceClient(client.channel)
      let response = try await service.unaryCall(request)
      #expect(response.username.isEmpty)
    }
  }

  @Test func `each has a server that it is not content with`() {
    #expect(Set(BrokenServer.all.map(\.testCase)) == Set(CaseTests.names))
  }

  @Test(arguments: BrokenServer.all)
  func `a broken server fails`(_ broken: BrokenServer) async throws {
    try await withServer(goodHandlers + broken.handlers) { client, _ in
      var client = client
      // A server that does not sleep is to be found out however slow this machine is.
      client.sleepTimeout = .seconds(300)
      await #expect(throws: (any Error).self) {
        try await run(broken.testCase, client, limit: .seconds(3))
      }
    }
  }

  @Test(arguments: names) func `none passes without a server`(_ name: String) async throws {
    var port = 0
    try await withServer { port = $1 }
    try await withClient(port: port) { client in
      await #expect(throws: (any Error).self) { try await run(name, client) }
    }
  }

  @Test(arguments: names)
  func `none passes where nothing is served`(_ name: String) async throws {
    try await withServer(BrokenServer.nothing) { client, _ in
      await #expect(throws: (any Error).self) { try await run(name, client) }
    }
  }

  @Test func `a soak bears as many failures as it is told to`() async throws {
    let broken = try #require(BrokenServer.all.first { $0.testCase == "channel_soak" })
    try await withServer(goodHandlers + broken.handlers) { client, _ in
      var client = client
      client.soak.iterations = 3
      client.soak.maxFailures = 3
      try await run("rpc_soak", client)
      client.soak.maxFailures = 2
      await #expect(throws: CaseFailure.self) { try await run("rpc_soak", client) }
    }
  }

  @Test func `a soak that has too little time fails`() async throws {
    try await withServer { client, _ in
      var client = client
      client.soak.overallTimeout = .zero
      await #expect(throws: CaseFailure.self) { try await run("channel_soak", client) }
    }
  }
}
