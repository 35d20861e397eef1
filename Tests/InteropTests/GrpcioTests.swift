import Foundation
import Interop
import SystemSupport
import TestTools
import Testing

/// Stock grpcio at the other end.
@Suite("With grpcio", .timeLimit(.minutes(10)))
struct GrpcioTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "python")

  private static func script(_ name: String) -> String { folder.appending(path: name).plainPath }

  /// Its server, which ends with the pipe to it.
  private struct Server {
    let process = Process()
    let input = Pipe()
    let port: Int

    init(_ arguments: [String] = []) throws {
      let output = Pipe()
      process.executableURL = URL(filePath: try Shell.python)
      process.arguments = [GrpcioTests.script("server.py")] + arguments
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      var line: [UInt8] = []
      while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
        line.append(byte)
      }
      port = try #require(Int(String(decoding: line, as: UTF8.self)), "the server did not start")
    }
  }

  /// One for all tests, as it takes its time to start.
  private static let server = Result { try Server() }

  /// What its client says of each case: it runs them all, as it takes its time to start.
  private static let verdicts = Task {
    var verdicts: [String: String] = [:]
    try await withServer { _, port in
      let outcome = try await Program.run(
        "/usr/bin/env",
        [try Shell.python, script("client.py"), "\(port)"]
      )
      for line in outcome.output.split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        verdicts[String(parts[0])] = parts.last.map(String.init)
      }
      if verdicts.isEmpty { throw TestFailure(outcome.errors) }
    }
    return verdicts
  }

  @Test(arguments: CaseTests.names)
  func `our client is content with its server`(_ name: String) async throws {
    let port = try GrpcioTests.server.get().port
    try await withClient(port: port) { client in try await run(name, client) }
  }

  @Test(arguments: CaseTests.names)
  func `its client is content with our server`(_ name: String) async throws {
    #expect(try await GrpcioTests.verdicts.value[name] == " passed")
  }
}
