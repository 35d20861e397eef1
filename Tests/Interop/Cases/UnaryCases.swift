import GRPC
import Synchronization

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

    let info = Mutex<ResponseInfo?>(nil)
    options.onResponse = { arrived in info.withLock { $0 = arrived } }
    let response = try await service.unaryCall(LargeUnary.request, options: options)
    try check(response.payload, hasZeros: LargeUnary.responseSize)
    guard let info = info.withLock({ $0 }) else { throw CaseFailure("the response is unannounced") }
    try check("ahead of the response", info.initialMetadata, echoes: text)
    try check("behind the response", info.trailingMetadata, echoes: bytes)

    let duplex = service.fullDuplexCall(options: options) { requests in
      try await requests.write(
        GRPCTesting.StreamingOutputCallRequest(
          responseParameters: [.init(size: Int32(LargeUnary.responseSize))],
          payload: GRPCTesting.Payload(body: zeros(LargeUnary.requestSize))
        )
      )
    }
    try await check(duplex, hasSizes: [LargeUnary.responseSize])
    try check("ahead of the stream", try await duplex.initialMetadata, echoes: text)
    try check("behind the stream", try await duplex.trailingMetadata, echoes: bytes)
  }
}

/// Asks for exactly one field of `EchoedMetadata.initial`.
private func check(_ what: String, _ metadata: Metadata, echoes text: String) throws {
  let values = metadata.filter { $0.key == EchoedMetadata.initial }.map(\.value)
  try check("what comes \(what)", values, is: [.text(text)])
}

/// Asks for exactly one field of `EchoedMetadata.trailing`.
private func check(_ what: String, _ metadata: Metadata, echoes bytes: [UInt8]) throws {
  let values = metadata.filter { $0.key == EchoedMetadata.trailing }.map(\.value)
  try check("what comes \(what)", values, is: [.binary(bytes)])
}

/// A message of which nothing but the size on the wire is looked at.
private struct Measured: Message {
  let byteCount: Int

  init(decoding bytes: RawSpan) {
    byteCount = bytes.byteCount
  }

  func encoded() -> [UInt8] { zeros(byteCount) }
}
