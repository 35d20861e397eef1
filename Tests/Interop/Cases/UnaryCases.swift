import GRPC

/// What `large_unary` asks with, and what it asks for; other cases do so too.
enum LargeUnary {
  static let requestSize = 271_828
  static let responseSize = 314_159

  static let request = GRPCTesting.SimpleRequest(
    responseSize: Int32(responseSize),
    payload: GRPCTesting.Payload(body: zeros(requestSize))
  )
}

extension InteropClient {
  /// `empty_unary`.
  func emptyUnary() async throws {
    let response: Measured = try await channel.unary(
      GRPCTesting.TestServiceMethods.emptyCall,
      GRPCTesting.Empty(),
      options: options
    )
    try check("the size of the response", response.byteCount, is: 0)
  }

  /// `large_unary`.
  func largeUnary() async throws {
    let response = try await service.unaryCall(LargeUnary.request, options: options)
    try check(response.payload, hasZeros: LargeUnary.responseSize)
  }

  /// `concurrent_large_unary`.
  func concurrentLargeUnary() async throws {
    try await withThrowingTaskGroup { group in
      for _ in 0..<1_000 { group.addTask { try await largeUnary() } }
      try await group.waitForAll()
    }
  }

  /// `custom_metadata`.
  func customMetadata() async throws {
    let text = "test_initial_metadata_value"
    let bytes: [UInt8] = [0xab, 0xab, 0xab]
    var options = options
    options.metadata.add(text, for: EchoedMetadata.initial)
    options.metadata.add(binary: bytes, for: EchoedMetadata.trailing)

    // As a stream of one response, which tells its metadata.
    let unary: ResponseStream<GRPCTesting.SimpleResponse> = channel.serverStreaming(
      GRPCTesting.TestServiceMethods.unaryCall,
      LargeUnary.request,
      options: options
    )
    var count = 0
    for try await response in unary {
      count += 1
      try check(response.payload, hasZeros: LargeUnary.responseSize)
    }
    try check("the number of responses", count, is: 1)
    try await checkEchoed(unary, text, bytes)

    let duplex = service.fullDuplexCall(options: options) { requests in
      try await requests.write(
        GRPCTesting.StreamingOutputCallRequest(
          responseParameters: [.init(size: Int32(LargeUnary.responseSize))],
          payload: GRPCTesting.Payload(body: zeros(LargeUnary.requestSize))
        )
      )
    }
    try await check(duplex, hasSizes: [LargeUnary.responseSize])
    try await checkEchoed(duplex, text, bytes)
  }

  private func checkEchoed<Response>(
    _ responses: ResponseStream<Response>,
    _ text: String,
    _ bytes: [UInt8]
  ) async throws {
    let initial = try await responses.initialMetadata
    try check(
      "the initial metadata",
      initial.values(for: EchoedMetadata.initial),
      is: [.text(text)]
    )
    let trailing = try await responses.trailingMetadata
    try check(
      "the trailing metadata",
      trailing.values(for: EchoedMetadata.trailing),
      is: [.binary(bytes)]
    )
  }
}

/// A message of which nothing but the size on the wire is looked at.
private struct Measured: Message {
  let byteCount: Int

  init(decoding bytes: RawSpan) {
    byteCount = bytes.byteCount
  }

  func encoded() -> [UInt8] { zeros(byteCount) }
}

extension Metadata {
  fileprivate func values(for key: String) -> [Value] {
    filter { $0.key == key }.map(\.value)
  }
}
