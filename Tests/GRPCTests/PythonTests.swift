import Foundation
import GRPC
import NIOCore
import NIOPosix
import Synchronization
import TestTools
import Testing

/// Stock grpcio at the other end, with messages of raw bytes.
@Suite("With grpcio", .timeLimit(.minutes(10)))
struct PythonTests {
  private static func makeProcess(_ script: String, _ arguments: [String]) throws -> Process {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(filePath: try Shell.python)
    process.arguments = [folder.appending(path: script).path()] + arguments
    return process
  }

  /// The lines that a process has printed.
  final class Output: Sendable {
    let pipe = Pipe()
    private let text = Mutex("")

    init() {
      pipe.fileHandleForReading.readabilityHandler = { handle in
        let part = String(decoding: handle.availableData, as: UTF8.self)
        self.text.withLock { $0 += part }
      }
    }

    func line(_ index: Int) async throws -> String {
      for _ in 0..<3_000 {
        let lines = text.withLock { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        if lines.count > index + 1 { return String(lines[index]) }
        try await Task.sleep(for: .milliseconds(20))
      }
      return text.withLock { $0 }
    }
  }

  /// How the two ends trust each other.
  enum Way: String, CaseIterable, CustomTestStringConvertible {
    case plaintext
    case tls
    case mutualTLS

    var testDescription: String { rawValue }
  }

  @Test(arguments: Way.allCases)
  func `its client is content with our server`(_ way: Way) async throws {
    let authority = try TestAuthority()
    var tls = ServerTLS(identity: try authority.issue("server"))
    _ = try authority.issue("client")
    if way == .mutualTLS { tls.clientCertificates = .required(roots: authority.roots) }
    let files =
      switch way {
      case .plaintext: [String]()
      case .tls: ["ca.crt"]
      case .mutualTLS: ["ca.crt", "client.crt", "client.key"]
      }
    let security = way == .plaintext ? ServerSecurity.plaintext : .tls(tls)
    try await withServer(standardHandlers, (security, .plaintext)) { _, port, _ in
      let process = try PythonTests.makeProcess(
        "python_client.py",
        ["\(port)"] + files.map(authority.path)
      )
      let output = Output()
      process.standardOutput = output.pipe
      process.standardError = output.pipe
      try process.run()
      defer { process.terminate() }
      #expect(try await output.line(0) == "all right")
    }
  }

  @Test func `its client loses no call while our connections age`() async throws {
    let maxAge = Duration.milliseconds(100)
    try await withServer(configure: { $0.connections.maxAge = maxAge }) { _, port, _ in
      let process = try PythonTests.makeProcess("aging_client.py", ["\(port)"])
      let output = Output()
      process.standardOutput = output.pipe
      process.standardError = output.pipe
      try process.run()
      defer { process.terminate() }
      #expect(try await output.line(0) == "all right")
    }
  }

  @Test(arguments: Way.allCases)
  func `our client is content with its server`(_ way: Way) async throws {
    let authority = try TestAuthority()
    _ = try authority.issue("server")
    let identity = try authority.issue("client")
    let files =
      switch way {
      case .plaintext: [String]()
      case .tls: ["server.crt", "server.key"]
      case .mutualTLS: ["server.crt", "server.key", "ca.crt"]
      }
    let tls = ClientTLS(
      trustRoots: .pem(authority.roots),
      identity: way == .mutualTLS ? identity : nil
    )
    let process = try PythonTests.makeProcess("python_server.py", files.map(authority.path))
    let (input, output) = (Pipe(), Output())
    process.standardInput = input
    process.standardOutput = output.pipe
    try process.run()
    defer { process.terminate() }
    let port = try #require(Int(try await output.line(0)))
    let client = GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: way == .plaintext ? .plaintext : .tls(tls),
      group: MultiThreadedEventLoopGroup.singleton
    )
    try await checkCalls(client)
    try await checkStatuses(client)
    try await checkCompression(client)
    #expect(try await output.line(1) == "cancelled")
    await client.close()
  }

  private func checkCalls(_ client: GRPCClient) async throws {
    let large = Bytes([UInt8](repeating: 5, count: 1_000_000))
    #expect(try await client.unary(method("Echo"), large) == large)
    let responses: ResponseStream<Bytes> = client.serverStreaming(method("Repeat"), Bytes("1000"))
    var count = 0
    for try await response in responses {
      #expect(response.text == "\(count)")
      count += 1
    }
    #expect(count == 1000)
    let joined: Bytes = try await client.clientStreaming(method("Join")) {
      (requests: RequestWriter<Bytes>) in
      for text in ["a", "b", "c"] { try await requests.write(Bytes(text)) }
    }
    #expect(joined.text == "a,b,c")
    let chat: ResponseStream<Bytes> = client.bidirectional(method("Chat")) {
      (requests: RequestWriter<Bytes>) in
      for text in ["a", "b"] { try await requests.write(Bytes(text)) }
    }
    var texts: [String] = []
    for try await response in chat { texts.append(response.text) }
    #expect(texts == ["re a", "re b"])

    var metadata = Metadata()
    metadata.add("some text", for: "x-text")
    metadata.add(binary: [0, 255, 1], for: "x-bytes-bin")
    let answers: ResponseStream<Bytes> = client.serverStreaming(
      method("Metadata"),
      Bytes(""),
      options: CallOptions(metadata: metadata)
    )
    #expect(try await answers.initialMetadata["y-text"] == "some text")
    for try await answer in answers { #expect(answer.text == "metadata") }
    #expect(try await answers.trailingMetadata[binary: "y-bytes-bin"] == [0, 255, 1])
  }

  private func checkStatuses(_ client: GRPCClient) async throws {
    let failed = await status { let _: Bytes = try await client.unary(method("Fail"), Bytes("é")) }
    #expect(failed?.code == .failedPrecondition)
    #expect(failed?.message == "học bạ: 100% é")
    #expect(failed?.details == [8, 9, 0, 255])
    #expect(failed?.metadata["reason"] == "why")
    let unknown = await status { let _: Bytes = try await client.unary(method("No"), Bytes("")) }
    #expect(unknown?.code == .unimplemented)
    let late = await status {
      let _: Bytes = try await client.unary(
        method("Sleep"),
        Bytes("20000"),
        options: CallOptions(timeout: .milliseconds(100))
      )
    }
    #expect(late?.code == .deadlineExceeded)
  }

  private func checkCompression(_ client: GRPCClient) async throws {
    let wasCompressed = Mutex(false)
    let (zeros, noise) = (
      Bytes([UInt8](repeating: 0, count: 4_000_000)),
      Bytes((0..<100_000).map { _ in UInt8.random(in: .min ... .max) })
    )
    for request in [zeros, noise] {
      var options = CallOptions(compression: .gzip)
      options.onResponse = { info in wasCompressed.withLock { $0 = info.isCompressed } }
      let answer: Bytes = try await client.unary(method("Compressed"), request, options: options)
      #expect(answer == request)
      // grpcio, too, sends plain what would not get shorter.
      #expect(wasCompressed.withLock { $0 } == (request == zeros))
    }
    let answers: ResponseStream<Bytes> = client.bidirectional(
      method("CompressEveryOther"),
      options: CallOptions(compression: .gzip)
    ) { (requests: RequestWriter<Bytes>) in
      for number in 0..<6 {
        try await requests.write(Bytes([UInt8](repeating: 7, count: 1_000)), compress: number < 3)
      }
    }
    var compressed: [Bool] = []
    for try await answer in answers {
      #expect(answer.bytes.count == 1_000)
      compressed.append(answers.isLastCompressed)
    }
    #expect(compressed == [true, false, true, false, true, false])
    let over = await status {
      let options = CallOptions(compression: .gzip, maxResponseBytes: 1_000_000)
      let _: Bytes = try await client.unary(method("Compressed"), zeros, options: options)
    }
    #expect(over?.code == .resourceExhausted)
  }
}
