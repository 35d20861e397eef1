import Foundation
import GRPC
import TestTools
import Testing

/// The situations of RFC 9113 and RFC 7541, frame by frame, by the Python of `Frames`.
@Suite("Raw frames", .timeLimit(.minutes(10)))
struct FramesTests {
  /// A line of the Python's report.
  private struct Line: Decodable {
    let `case`: String
    let claim: String
    let problem: String?
  }

  private func check(_ arguments: [String], atLeast count: Int) async throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Frames")
    let result = try await Shell.runAside([try Shell.python, folder.path()] + arguments)
    #expect(result.status == 0, "\(result.output)")
    let lines = result.output.split(separator: "\n")
    for line in lines {
      let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
      if let problem = line.problem { Issue.record("\(line.case): \(line.claim) \(problem)") }
    }
    #expect(lines.count >= count)
  }

  @Test(arguments: [false, true])
  func `our server does what RFC 9113 and RFC 7541 ask for`(isTLS: Bool) async throws {
    let hold = MethodHandler.clientStreaming(method("Hold")) {
      (_: RequestStream<Bytes>, _) -> Bytes in
      try await Task.sleep(for: .seconds(3_600))
      return Bytes("")
    }
    let authority = try TestAuthority()
    let security = ServerSecurity.tls(ServerTLS(identity: try authority.issue("server")))
    try await withServer(
      standardHandlers + [hold],
      (isTLS ? security : .plaintext, .plaintext),
      // HTTP/2 lets a client ping as often as it likes, gRPC does not.
      configure: { $0.connections.maxPingStrikes = 0 }
    ) { _, port, _ in
      let tls = isTLS ? ["--tls", authority.path("ca.crt")] : []
      try await check(["\(port)"] + tls, atLeast: 230)
    }
  }

  @Test func `our server leaves as RFC 9113 has it`() async throws {
    let told = Signal()
    let leave = MethodHandler.unary(method("Leave")) { (request: Bytes, _) in
      told.send()
      return request
    }
    try await withServer(standardHandlers + [leave]) { _, port, server in
      async let left: Void = {
        try await told.wait()
        await server.shutdown(grace: .seconds(60))
      }()
      try await check(["--leaving", "\(port)"], atLeast: 1)
      try await left
    }
  }

  @Test func `every case notices a server that does not`() async throws {
    try await check(["--doubles"], atLeast: 230 * 6)
  }
}
