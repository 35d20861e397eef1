import NIOCore
import Synchronization
import Testing

@testable import GRPC

/// Both ends, with whatever a peer may send: what a `WireMessage` says goes out as it is.
@Suite("Compression between client and server", .timeLimit(.minutes(5)))
struct CompressionTests {
  private static let text = Bytes(String(repeating: "học bạ ", count: 200))
  private static let gzip = CallOptions(compression: .gzip)

  /// Says of each request whether it came compressed, and answers it compressed if that is asked
  /// for by its first letter.
  private static let handlers: [MethodHandler] = [
    .unary(method("Tell")) { (request: Bytes, context) in
      if request.text.hasPrefix("z") { context.setCompression(.gzip) }
      return Bytes("\(context.isRequestCompressed) " + request.text)
    },
    .bidirectional(method("TellAll")) {
      (requests: RequestStream<Bytes>, context, responses: ResponseWriter<Bytes>) in
      context.setCompression(.gzip)
      for try await request in requests {
        let answer = Bytes("\(context.isRequestCompressed) " + request.text)
        try await responses.write(answer, compress: request.text.hasPrefix("z"))
      }
    },
  ]

  private func withEnds(
    configure: (inout ServerConfiguration) -> Void = { _ in },
    client: ClientConfiguration = .init(),
    _ more: [MethodHandler] = [],
    _ body: (GRPCClient) async throws -> Void
  ) async throws {
    let handlers = standardHandlers + CompressionTests.handlers + more
    try await withServer(handlers, configure: configure, client: client) { client, _, _ in
      try await body(client)
    }
  }

  /// A unary call: what it answers, and whether that came compressed.
  private func tell(
    _ client: GRPCClient,
    _ request: Bytes,
    _ options: CallOptions = CallOptions()
  ) async throws -> (answer: String, isCompressed: Bool) {
    let info = Mutex<ResponseInfo?>(nil)
    var options = options
    options.onResponse = { value in info.withLock { $0 = value } }
    let response: Bytes = try await client.unary(method("Tell"), request, options: options)
    return (response.text, try #require(info.withLock { $0 }).isCompressed)
  }

  private func word(_ letter: Character) -> Bytes {
    Bytes(String(repeating: letter, count: 1_000))
  }

  @Test func `is off unless it is asked for`() async throws {
    try await withEnds { client in
      let told = try await tell(client, word("a"))
      #expect(told.answer.hasPrefix("false a"))
      #expect(!told.isCompressed)
    }
  }

  @Test func `is chosen by the configuration, and by the call against it`() async throws {
    var configuration = ClientConfiguration()
    configuration.compression = .gzip
    try await withEnds(configure: { $0.compression = .gzip }, client: configuration) { client in
      let told = try await tell(client, word("a"))
      #expect(told.answer.hasPrefix("true a"))
      #expect(told.isCompressed)
      let plain = try await tell(client, word("a"), CallOptions(compression: .identity))
      #expect(plain.answer.hasPrefix("false a"))
    }
    try await withEnds { client in
      let told = try await tell(client, word("z"), CompressionTests.gzip)
      #expect(told.answer.hasPrefix("true z"))
      #expect(told.isCompressed)
    }
  }

  @Test func `is left out for a message that would not get shorter`() async throws {
    try await withEnds { client in
      let told = try await tell(client, Bytes("z!"), CompressionTests.gzip)
      #expect(told.answer == "false z!")
      #expect(!told.isCompressed)
    }
  }

  @Test func `is switched off and on, message by message, in both directions`() async throws {
    try await withEnds { client in
      let answers: ResponseStream<Bytes> = client.bidirectional(
        method("TellAll"),
        options: CompressionTests.gzip
      ) { (requests: RequestWriter<Bytes>) in
        for (letter, compress) in [("a", true), ("z", false), ("z", true), ("a", false)] {
          try await requests.write(word(Character(letter)), compress: compress)
        }
      }
      var told: [String] = []
      for try await answer in answers {
        told.append("\(answer.text.prefix(7)) \(answers.isLastCompressed)")
      }
      #expect(told == ["true aa false", "false z true", "true zz true", "false a false"])
    }
  }

  @Test func `of responses starts with the first of them or not at all`() async throws {
    let late = MethodHandler.serverStreaming(method("Late")) {
      (_: Bytes, context, responses: ResponseWriter<Bytes>) in
      try await responses.write(CompressionTests.text)
      context.setCompression(.gzip)
      try await responses.write(CompressionTests.text)
    }
    try await withEnds([late]) { client in
      let answers: ResponseStream<Bytes> = client.serverStreaming(method("Late"), Bytes(""))
      for try await answer in answers {
        #expect(answer == CompressionTests.text)
        #expect(!answers.isLastCompressed)
      }
    }
  }

  @Test func `carries a request of a streaming answer, and the only answer to a stream`()
    async throws
  {
    try await withEnds(configure: { $0.compression = .gzip }) { client in
      let numbers: ResponseStream<Bytes> = client.serverStreaming(
        method("Repeat"),
        Bytes(String(repeating: "0", count: 100) + "3"),
        options: CompressionTests.gzip
      )
      var count = 0
      for try await _ in numbers { count += 1 }
      #expect(count == 3)
      let joined: Bytes = try await client.clientStreaming(
        method("Join"),
        options: CompressionTests.gzip
      ) { (requests: RequestWriter<Bytes>) in
        for _ in 0..<3 { try await requests.write(CompressionTests.text) }
      }
      #expect(joined.bytes.count == 3 * CompressionTests.text.bytes.count + 2)
    }
  }

  @Test func `carries messages for which it leaves the event loop`() async throws {
    let large = Bytes((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7 &* $0 % 13) })
    try await withEnds(configure: { $0.compression = .gzip }) { client in
      let answer: Bytes = try await client.unary(
        method("Echo"),
        large,
        options: CompressionTests.gzip
      )
      #expect(answer == large)
    }
  }

  // What a peer may do wrong.

  /// The end of a call whose only request goes out as `message` says.
  private func end(
    _ client: GRPCClient,
    sending message: WireMessage,
    _ options: CallOptions = CompressionTests.gzip,
    to name: String = "Echo"
  ) async -> RPCError? {
    await status {
      let _: Bytes = try await client.clientStreaming(method(name), options: options) {
        (requests: RequestWriter<Bytes>) in
        try await requests.call.write(message)
      }
    }
  }

  @Test(arguments: ["Echo", "Join"])
  func `a request that is flagged without an encoding is INTERNAL`(name: String) async throws {
    let compressed = try #require(Gzip.deflate(CompressionTests.text.bytes))
    let flagged = WireMessage(compressed, isCompressed: true)
    try await withEnds { client in
      let error = await end(client, sending: flagged, CallOptions(), to: name)
      #expect(error?.code == .internalError)
      #expect(error?.message == "a compressed message without grpc-encoding")
      #expect(await end(client, sending: flagged, to: name) == nil)
      // Declared, but not used.
      #expect(await end(client, sending: WireMessage([7]), to: name) == nil)
    }
  }

  @Test func `a request in an unknown encoding is UNIMPLEMENTED`() async throws {
    var options = CallOptions()
    _ = options.metadata.receive("deflate", for: "grpc-encoding")
    try await withEnds { client in
      let error = await end(client, sending: WireMessage([1]), options)
      #expect(error?.code == .unimplemented)
      #expect(error?.message == "unknown grpc-encoding deflate; accepted are identity,gzip")
    }
  }

  @Test(arguments: ["Echo", "Join"])
  func `a damaged request is INTERNAL, one over the limit RESOURCE_EXHAUSTED`(name: String)
    async throws
  {
    let whole = try #require(Gzip.deflate(CompressionTests.text.bytes))
    let bomb = try #require(Gzip.deflate([UInt8](repeating: 0, count: 2_000_000)))
    var lying = bomb
    lying.replaceSubrange(lying.count - 4..<lying.count, with: [1, 0, 0, 0])
    let cases: [([UInt8], RPCCode, String)] = [
      ([], .internalError, "ends inside"),
      (Array(whole.dropLast()), .internalError, "ends inside"),
      (whole + [0], .internalError, "after its gzip stream"),
      (Array(whole.dropLast(8)) + [UInt8](repeating: 1, count: 8), .internalError, "not a whole"),
      ([UInt8]("plain text".utf8), .internalError, "not a whole"),
      (bomb, .resourceExhausted, "more than the limit of 10000 bytes"),
      (lying, .resourceExhausted, "more than the limit of 10000 bytes"),
    ]
    try await withEnds(configure: { $0.maxMessageBytes = 10_000 }) { client in
      for (bytes, code, text) in cases {
        let message = WireMessage(bytes, isCompressed: true)
        let error = await end(client, sending: message, to: name)
        #expect(error?.code == code, "\(text)")
        #expect(error?.message.contains(text) == true, "\(String(describing: error))")
      }
    }
  }

  @Test func `a refused caller's request is never inflated`() async throws {
    let handler = MethodHandler.unary(method("Refuse"), through: Refusing()) {
      (_: Bytes, _: ServerContext) in Bytes("")
    }
    try await withEnds([handler]) { client in
      let message = WireMessage([0], isCompressed: true)
      let error = await end(client, sending: message, to: "Refuse")
      #expect(error?.code == .unauthenticated)
    }
  }

  private struct Refusing: Interceptor {
    func intercept(
      _ context: ServerContext,
      _ proceed: (ServerContext) async throws -> Void
    ) async throws {
      throw RPCError(.unauthenticated, "who are you")
    }
  }

  @Test func `what is inflated counts against what callers may fill`() async throws {
    let bomb = try #require(Gzip.deflate([UInt8](repeating: 0, count: 1_000_000)))
    let message = WireMessage(bomb, isCompressed: true)
    try await withEnds(configure: { $0.maxRequestBytes = 500_000 }) { client in
      #expect(await end(client, sending: message)?.code == .unavailable)
      let small = try #require(Gzip.deflate([UInt8](repeating: 0, count: 400_000)))
      for _ in 0..<3 {
        #expect(await end(client, sending: WireMessage(small, isCompressed: true)) == nil)
      }
    }
  }

  @Test func `bombs ahead of a slow reader are held as they came`() async throws {
    let (read, gate) = (Signal(), Signal())
    let slow = MethodHandler.clientStreaming(method("Slow")) {
      (requests: RequestStream<Bytes>, _) in
      var count = 0
      for try await request in requests {
        count += request.bytes.count
        read.send()
        try await gate.wait()
      }
      return Bytes("\(count)")
    }
    // One at a time fits, two would not.
    let size = 1_000_000
    let bomb = WireMessage(
      try #require(Gzip.deflate([UInt8](repeating: 0, count: size))),
      isCompressed: true
    )
    try await withEnds(configure: { $0.maxRequestBytes = size + 100_000 }, [slow]) { client in
      let answer: Bytes = try await client.clientStreaming(
        method("Slow"),
        options: CompressionTests.gzip
      ) { (requests: RequestWriter<Bytes>) in
        for _ in 0..<40 { try await requests.call.write(bomb) }
        try await read.wait()
        gate.send()
      }
      #expect(answer.text == "\(40 * size)")
    }
  }

  @Test func `a response that cannot be read is INTERNAL, one over the limit RESOURCE_EXHAUSTED`()
    async throws
  {
    let bomb = try #require(Gzip.deflate([UInt8](repeating: 0, count: 2_000_000)))
    let whole = try #require(Gzip.deflate(CompressionTests.text.bytes))
    let wrong = MethodHandler.serverStreaming(method("Wrong")) {
      (request: Bytes, context, responses: ResponseWriter<Bytes>) in
      var bytes = bomb
      switch request.text {
      case "unannounced":
        break
      case "unknown":
        var metadata = Metadata()
        _ = metadata.receive("snappy", for: "grpc-encoding")
        context.setInitialMetadata(metadata)
      case "cut":
        context.setCompression(.gzip)
        bytes = Array(whole.dropLast())
      default:
        context.setCompression(.gzip)
      }
      try await responses.stream.write(WireMessage(bytes, isCompressed: true))
    }
    let cases: [(String, RPCCode, String)] = [
      ("unannounced", .internalError, "without grpc-encoding"),
      ("unknown", .internalError, "was not offered; offered are identity,gzip"),
      ("cut", .internalError, "ends inside"),
      ("bomb", .resourceExhausted, "limit of 1000000 bytes"),
    ]
    try await withEnds([wrong]) { client in
      for (name, code, text) in cases {
        let options = CallOptions(maxResponseBytes: 1_000_000)
        let error = await status {
          let responses: ResponseStream<Bytes> = client.serverStreaming(
            method("Wrong"),
            Bytes(name),
            options: options
          )
          for try await _ in responses {}
        }
        #expect(error?.code == code, "\(name)")
        #expect(error?.message.contains(text) == true, "\(String(describing: error))")
      }
      let responses: ResponseStream<Bytes> = client.serverStreaming(method("Wrong"), Bytes("bomb"))
      for try await response in responses { #expect(response.bytes.count == 2_000_000) }
    }
  }
}
