import Testing

@testable import GRPC

@Suite("Limits of messages", .timeLimit(.minutes(5)))
struct MessageLimitTests {
  private static let over = Bytes([UInt8](repeating: 1, count: 1_001))
  private static let within = Bytes([UInt8](repeating: 1, count: 1_000))

  /// The ends of calls of each kind that send `request`.
  private func ends(
    _ client: GRPCClient,
    _ request: Bytes,
    _ options: CallOptions = CallOptions()
  ) async -> [RPCError?] {
    let send: @Sendable (RequestWriter<Bytes>) async throws -> Void = {
      try await $0.write(request)
    }
    return [
      await status {
        let _: Bytes = try await client.unary(method("Echo"), request, options: options)
      },
      await status {
        let _: Bytes = try await client.clientStreaming(method("Join"), options: options, send)
      },
      await status {
        let responses: ResponseStream<Bytes> = client.serverStreaming(
          method("EchoStream"),
          request,
          options: options
        )
        for try await _ in responses {}
      },
      await status {
        let responses: ResponseStream<Bytes> = client.bidirectional(
          method("EchoAll"),
          options: options,
          send
        )
        for try await _ in responses {}
      },
    ]
  }

  private static let handlers: [MethodHandler] =
    standardHandlers + [
      .serverStreaming(method("EchoStream")) {
        (request: Bytes, _, responses: ResponseWriter<Bytes>) in
        try await responses.write(request)
      },
      .bidirectional(method("EchoAll")) {
        (requests: RequestStream<Bytes>, _, responses: ResponseWriter<Bytes>) in
        for try await request in requests { try await responses.write(request) }
      },
    ]

  private func check(_ ends: [RPCError?], by comment: Comment) {
    for (index, end) in ends.enumerated() {
      #expect(end?.code == .resourceExhausted, "\(index): \(comment)")
      #expect(end?.message.contains("limit of 1000") == true, "\(String(describing: end))")
    }
  }

  @Test(arguments: [Compression.identity, .gzip])
  func `that a client sends are its own or the call's`(compression: Compression) async throws {
    var configuration = ClientConfiguration()
    configuration.maxSendMessageBytes = 1_000
    configuration.compression = compression
    try await withServer(MessageLimitTests.handlers, client: configuration) { client, _, _ in
      check(await ends(client, Self.over), by: "the client")
      #expect(await ends(client, Self.within).allSatisfy { $0 == nil })
      let wider = CallOptions(maxRequestBytes: 2_000)
      #expect(await ends(client, Self.over, wider).allSatisfy { $0 == nil })
    }
    try await withServer(MessageLimitTests.handlers) { client, _, _ in
      let narrow = CallOptions(compression: compression, maxRequestBytes: 1_000)
      check(await ends(client, Self.over, narrow), by: "the call")
      #expect(await ends(client, Self.within, narrow).allSatisfy { $0 == nil })
    }
  }

  @Test func `that a client receives are its own or the call's`() async throws {
    var configuration = ClientConfiguration()
    configuration.maxMessageBytes = 1_000
    try await withServer(MessageLimitTests.handlers, client: configuration) { client, _, _ in
      check(await ends(client, Self.over), by: "the client")
      #expect(await ends(client, Self.within).allSatisfy { $0 == nil })
      let wider = CallOptions(maxResponseBytes: 2_000)
      #expect(await ends(client, Self.over, wider).allSatisfy { $0 == nil })
    }
  }

  @Test(arguments: [Compression.identity, .gzip])
  func `that a server sends end the call, those that it receives too`(compression: Compression)
    async throws
  {
    for isSending in [true, false] {
      try await withServer(
        MessageLimitTests.handlers,
        configure: { configuration in
          configuration.compression = compression
          if isSending {
            configuration.maxSendMessageBytes = 1_000
          } else {
            configuration.maxMessageBytes = 1_000
          }
        }
      ) { client, _, _ in
        let options = CallOptions(compression: compression)
        check(await ends(client, Self.over, options), by: "the server")
        #expect(await ends(client, Self.within, options).allSatisfy { $0 == nil })
      }
    }
  }

  @Test func `that a handler runs into are for it to answer`() async throws {
    let handler = MethodHandler.serverStreaming(method("Shorten")) {
      (request: Bytes, _, responses: ResponseWriter<Bytes>) in
      do {
        try await responses.write(request)
      } catch let error as RPCError where error.code == .resourceExhausted {
        try await responses.write(Bytes("shorter"))
      }
    }
    try await withServer([handler], configure: { $0.maxSendMessageBytes = 1_000 }) { client, _, _ in
      let responses: ResponseStream<Bytes> = client.serverStreaming(method("Shorten"), Self.over)
      var texts: [String] = []
      for try await response in responses { texts.append(response.text) }
      #expect(texts == ["shorter"])
    }
  }

  @Test func `are never over what a prefix can say`() throws {
    #expect(throws: RPCError.self) { try WireMessage([1], limit: 0) }
    #expect(try WireMessage([1], limit: .max).bytes == [1])
  }
}
