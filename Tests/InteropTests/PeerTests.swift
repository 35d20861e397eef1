import GRPC
import Interop
import SystemSupport
import Testing

/// gRPC C++ and grpc-swift-2 at the other end.
@Suite("With gRPC C++ and grpc-swift-2", .timeLimit(.minutes(10)))
struct PeerTests {
  enum Peer: String, CaseIterable, Sendable {
    case cpp = "grpc-cpp-peer"
    case swift = "grpc-swift-peer"

    func server(authority: Authority? = nil) async throws -> ServerProcess {
      // What makes it compress, and look at what travelled compressed.
      let interop = self == .swift ? ["--interop"] : []
      let tls = authority.map { ["--tls"] + $0.files("server") } ?? []
      return try await ServerProcess(
        Programs.peer("\(rawValue)-server"),
        ["--port", "0"] + interop + tls
      )
    }

    func run(_ name: String, port: Int, authority: Authority? = nil) async throws -> Outcome {
      let tls = authority.map { ["--use_tls=true", "--ca_file=\($0.root)"] } ?? []
      // How fast a machine under test is says nothing.
      let patience = [
        "--soak_per_iteration_max_acceptable_latency_ms=300000",
        "--soak_overall_timeout_seconds=300",
      ]
      return try await Program.run(
        Programs.peer("\(rawValue)-client"),
        ["--test_case=\(name)", "--server_host=localhost", "--server_port=\(port)"]
          + patience + tls
      )
    }
  }

  /// Each server with the cases that it can pass.
  ///
  /// grpc-swift-2 compresses either every response of a connection or none, depending on what its
  /// client lists first as accepted; so what a request asks of its own response it cannot heed.
  private static let servers = Peer.allCases.flatMap { peer in
    CaseTests.names.filter { peer != .swift || !$0.hasPrefix("server_compressed") }
      .map { (peer, $0) }
  }

  @Test(arguments: servers)
  func `our client is content with their server`(_ peer: Peer, _ name: String) async throws {
    let server = try await peer.server()
    try await withClient(port: server.port) { client in try await run(name, client) }
  }

  @Test(arguments: servers)
  func `our client is content with their server over TLS`(
    _ peer: Peer,
    _ name: String
  ) async throws {
    let authority = try Authority.shared.get()
    let server = try await peer.server(authority: authority)
    try await withClient(port: server.port, authority: authority) { client in
      try await run(name, client)
    }
  }

  @Test(arguments: Peer.allCases, CaseTests.names)
  func `their client is content with our server`(_ peer: Peer, _ name: String) async throws {
    try await withServer { _, port in
      let outcome = try await peer.run(name, port: port)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test(arguments: Peer.allCases, CaseTests.names)
  func `their client is content with our server over TLS`(
    _ peer: Peer,
    _ name: String
  ) async throws {
    let authority = try Authority.shared.get()
    try await withServer(authority: authority) { _, port in
      let outcome = try await peer.run(name, port: port, authority: authority)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
  }

  /// What a client gives up by itself says nothing of the server, in these clients.
  private static let served = CaseTests.names.filter {
    !$0.hasPrefix("cancel") && !$0.hasPrefix("timeout")
  }

  @Test(arguments: Peer.allCases, served)
  func `their client is not content where nothing is served`(
    _ peer: Peer,
    _ name: String
  ) async throws {
    try await withServer(BrokenServer.nothing) { _, port in
      let outcome = try await peer.run(name, port: port)
      #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
    }
  }
}
