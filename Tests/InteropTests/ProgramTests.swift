import API
import GRPC
import Interop
import NIOPosix
import SystemSupport
import Testing

/// `grpc-test-server` and `grpc-test-client`, as those use them who have other servers and clients.
@Suite("Programs", .timeLimit(.minutes(10)))
struct ProgramTests {
  private func server(_ flags: String...) async throws -> ServerProcess {
    try await ServerProcess(Programs.own("grpc-test-server"), flags)
  }

  private func client(_ flags: String...) async throws -> Outcome { try await client(flags) }

  private func client(_ flags: [String]) async throws -> Outcome {
    try await Program.run(Programs.own("grpc-test-client"), flags)
  }

  @Test func `the client runs every case against the server, and says so of each`() async throws {
    let server = try await server("--event-loops", "1")
    let outcome = try await client(
      "--server_host=localhost",
      "--server_port=\(server.port)",
      "--use_tls=false",
      "--test_case=all",
      "--soak_per_iteration_max_acceptable_latency_ms=300000",
      "--soak_overall_timeout_seconds=300"
    )
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.map { $0.prefix { $0 != ":" } } == CaseTests.names.map { Substring($0) }
    )
    #expect(lines.allSatisfy { $0.contains(": passed in ") })
  }

  @Test func `both speak TLS, and the server wants to know its clients if it is told to`()
    async throws
  {
    let authority = try Authority.shared.get()
    let (own, theirs) = (authority.files("server"), authority.files("client"))
    let server = try await server(
      "--tls",
      own[0],
      own[1],
      "--tls-client-ca",
      authority.root,
      "--use_tls=true"
    )
    let flags = [
      "--server_host=127.0.0.1", "--server_port=\(server.port)", "--test_case=large_unary",
      "--use_tls=true", "--ca_file=\(authority.root)", "--server_host_override=localhost",
    ]
    let known = try await client(
      flags + ["--tls_certificate=\(theirs[0])", "--tls_key=\(theirs[1])"]
    )
    #expect(known.status == 0, "\(known.output)\(known.errors)")
    #expect(try await client(flags).status == 1)
    // gRPC's test authority, and this system's, have not signed this server's certificate.
    let others = ["--use_test_ca=true", "--use_test_ca=false"]
    for other in others {
      let outcome = try await client(flags.filter { !$0.hasPrefix("--ca_file") } + [other])
      #expect(outcome.status == 1)
      #expect(outcome.output.contains("TLS"))
    }
  }

  @Test func `a server that is to speak TLS without a certificate does not start`() async throws {
    let outcome = try await Program.run(Programs.own("grpc-test-server"), ["--use_tls=true"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--tls CERTIFICATE KEY"))
  }

  @Test func `flags may be written with a blank, and soak is rpc_soak`() async throws {
    let server = try await server("--port=0", "--host=127.0.0.1")
    let outcome = try await client(
      "--server_port",
      "\(server.port)",
      "--test_case",
      "soak",
      "--soak_iterations",
      "3",
      "--soak_overall_timeout_seconds",
      "300",
      "--soak_max_failures",
      "3",
      "--verbose"
    )
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("rpc_soak: passed"))
    #expect(outcome.errors.matches(of: #/soak iteration: \d elapsed_ms/#).count == 3)
  }

  @Test func `additional metadata and a service config reach every call`() async throws {
    let server = try await server()
    let metadata = "--additional_metadata=\(EchoedMetadata.initial):given;other:a:b"
    let flags = ["--server_port=\(server.port)", metadata]
    // The case wants to see its own value of the field, and no other.
    let doubled = try await client(flags + ["--test_case=custom_metadata"])
    #expect(doubled.status == 1)
    #expect(doubled.output.contains("given"))
    let config = #"{"methodConfig": [{"name": [{}], "timeout": "0.000000001s"}]}"#
    let late = try await client(
      flags + ["--test_case=empty_unary", "--service_config_json=\(config)"]
    )
    #expect(late.output.contains("DEADLINE_EXCEEDED"))
    let wrong = try await client(flags + ["--test_case=empty_unary", "--service_config_json={"])
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("--service_config_json"))
  }

  @Test func `a case that fails is the client's exit status`() async throws {
    var port = 0
    try await withServer { port = $1 }
    let outcome = try await client("--server_port=\(port)", "--test_case=empty_unary")
    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("empty_unary: FAILED: UNAVAILABLE"))
  }

  @Test func `a case that nobody knows is wrong use`() async throws {
    let outcome = try await client("--server_port=1", "--test_case=no_such_case")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("there is no case 'no_such_case'"))
  }

  @Test func `help names every case`() async throws {
    let outcome = try await client("--help")
    #expect(outcome.status == 0)
    for name in CaseTests.names { #expect(outcome.output.contains("  \(name)\n")) }
  }

  @Test func `the server lets a call come to its end before its own`() async throws {
    let server = try await server("--port", "0")
    try await withClient(port: server.port) { client in
      let (due, next) = AsyncStream.makeStream(of: Int32.self)
      let stream = GRPCTesting.TestServiceClient(client.channel).fullDuplexCall { requests in
        for await size in due {
          try await requests.write(.init(responseParameters: [.init(size: size)]))
        }
      }
      var responses = stream.makeAsyncIterator()
      next.yield(1)
      var response = try await responses.next()
      #expect(response?.payload?.body.count == 1)
      server.terminate()
      next.yield(2)
      next.finish()
      response = try await responses.next()
      #expect(response?.payload?.body.count == 2)
      response = try await responses.next()
      #expect(response == nil)
    }
    #expect(await server.status() == 0)
  }

  @Test func `who watches the server's health is told of its end, and does not hold it up`()
    async throws
  {
    let server = try await server("--grace-seconds", "86400")
    try await withClient(port: server.port) { client in
      let statuses = GRPCHealthV1.HealthClient(client.channel).watch(.init())
      var seen: [GRPCHealthV1.HealthCheckResponse.ServingStatus] = []
      for try await response in statuses {
        seen.append(response.status)
        server.terminate()
      }
      #expect(seen == [.serving, .notServing])
    }
    #expect(await server.status() == 0)
  }
}
