import Foundation
import GRPC
import Interop
import SystemSupport
import TestTools
import Testing

/// Stock grpcio at the other end.
@Suite("With grpcio", .timeLimit(.minutes(10)))
struct GrpcioTests {
  private static func script(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "python/\(name)").plainPath
  }

  /// Servers for all tests, as they take their time to start; they end with the pipe to them.
  private static let server = Task { try await server(authority: nil) }
  private static let secureServer = Task { try await server(authority: Authority.shared.get()) }

  private static func server(authority: Authority?) async throws -> ServerProcess {
    let files = authority?.files("server") ?? []
    return try await ServerProcess(try Shell.python, [script("server.py")] + files)
  }

  /// What its client says of each case: it runs them all, as it takes its time to start.
  private static let verdicts = Task { try await verdicts(authority: nil) }
  private static let secureVerdicts = Task { try await verdicts(authority: Authority.shared.get()) }

  private static func verdicts(
    of handlers: [MethodHandler] = goodHandlers,
    authority: Authority?
  ) async throws -> [String: String] {
    var verdicts: [String: String] = [:]
    try await withServer(handlers, authority: authority) { _, port in
      let root = authority.map { [$0.root] } ?? []
      let outcome = try await Program.run(
        try Shell.python,
        [script("client.py"), "\(port)"] + root
      )
      for line in outcome.output.split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        verdicts[String(parts[0])] = parts.last.map(String.init)
      }
      if verdicts.isEmpty { throw TestFailure(outcome.errors) }
    }
    return verdicts
  }

  /// Whether a message travelled compressed is seen from outside, where nothing is encrypted.
  private static let encryptable = CaseTests.names.filter { !$0.contains("compressed") }

  @Test(arguments: CaseTests.names)
  func `our client is content with its server`(_ name: String) async throws {
    let server = try await GrpcioTests.server.value
    try await withClient(port: server.port) { client in try await run(name, client) }
  }

  @Test(arguments: encryptable)
  func `our client is content with its server over TLS`(_ name: String) async throws {
    let server = try await GrpcioTests.secureServer.value
    try await withClient(port: server.port, authority: Authority.shared.get()) { client in
      try await run(name, client)
    }
  }

  @Test(arguments: CaseTests.names)
  func `its client is content with our server`(_ name: String) async throws {
    #expect(try await GrpcioTests.verdicts.value[name] == " passed")
  }

  @Test func `its client is not content where nothing is served`() async throws {
    let verdicts = try await GrpcioTests.verdicts(of: BrokenServer.nothing, authority: nil)
    #expect(Set(verdicts.keys) == Set(CaseTests.names))
    for (name, verdict) in verdicts { #expect(verdict.hasPrefix(" FAILED: "), "\(name)") }
  }

  @Test(arguments: encryptable)
  func `its client is content with our server over TLS`(_ name: String) async throws {
    #expect(try await GrpcioTests.secureVerdicts.value[name] == " passed")
  }
}
