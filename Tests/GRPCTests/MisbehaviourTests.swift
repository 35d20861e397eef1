import Foundation
import GRPC
import NIOPosix
import TestTools
import Testing

/// Our client against servers that break HTTP/2 or gRPC, by the Python of `Frames/servers.py`.
@Suite("Servers that misbehave", .timeLimit(.minutes(10)))
struct MisbehaviourTests {
  private struct Server: Decodable {
    let name: String
    let claim: String
    let port: Int
    let codes: [Int]
  }

  @Test func `a call ends with the status that gRPC has for it, and the next succeeds`()
    async throws
  {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Frames/servers.py")
    let process = Process()
    process.executableURL = URL(filePath: try Shell.python)
    process.arguments = [script.path()]
    let (input, output) = (Pipe(), PythonTests.Output())
    process.standardInput = input
    process.standardOutput = output.pipe
    try process.run()
    defer { kill(process.processIdentifier, SIGKILL) }
    let line = try await output.line(0)
    let servers = try JSONDecoder().decode([Server].self, from: Data(line.utf8))
    #expect(servers.count > 60)
    try await withThrowingTaskGroup { group in
      for server in servers { group.addTask { try await check(server) } }
      try await group.waitForAll()
    }
  }

  private func check(_ server: Server) async throws {
    let client = GRPCClient(
      host: "127.0.0.1",
      port: server.port,
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
    let first = await call(client)
    #expect(server.codes.contains(first), "\(server.name): \(server.claim) Not \(first).")
    // What ended the connection may be seen only by the next call, and a client may take its time.
    var next = await call(client)
    for _ in 0..<600 where next == 14 {
      try await Task.sleep(for: .milliseconds(100))
      next = await call(client)
    }
    #expect(next == 0, "\(server.name): no call succeeds any more")
    // Several at a time, too.
    let codes = await withTaskGroup { group in
      for _ in 0..<5 { group.addTask { await call(client) } }
      return await group.reduce(into: [Int]()) { $0.append($1) }
    }
    #expect(codes.allSatisfy { $0 == 0 }, "\(server.name): \(codes)")
    await client.close()
  }

  /// The code with which a call ends; one that hangs ends with that of a deadline.
  private func call(_ client: GRPCClient) async -> Int {
    let end = await status {
      let answer: Bytes = try await client.unary(
        method("Echo"),
        Bytes("hi"),
        options: CallOptions(timeout: .seconds(30))
      )
      guard answer.text == "hi" else { throw RPCError(.dataLoss, "another answer") }
    }
    return end?.code.rawValue ?? 0
  }
}
