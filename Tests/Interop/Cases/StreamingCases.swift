import GRPC

extension InteropClient {
  /// `client_streaming`.
  func clientStreaming() async throws {
    let response = try await service.streamingInputCall(options: options) { requests in
      for size in [27_182, 8, 1_828, 45_904] {
        try await requests.write(.init(payload: GRPCTesting.Payload(body: zeros(size))))
      }
    }
    try check("the size of all payloads", response.aggregatedPayloadSize, is: 74_922)
  }

  /// `server_streaming`.
  func serverStreaming() async throws {
    let sizes = [31_415, 9, 2_653, 58_979]
    let responses = service.streamingOutputCall(
      GRPCTesting.StreamingOutputCallRequest(
        responseParameters: sizes.map { .init(size: Int32($0)) }
      ),
      options: options
    )
    try await check(responses, hasSizes: sizes)
  }

  /// `ping_pong`.
  func pingPong() async throws {
    let steps = [(27_182, 31_415), (8, 9), (1_828, 2_653), (45_904, 58_979)]
    let (due, next) = AsyncStream.makeStream(of: GRPCTesting.StreamingOutputCallRequest.self)
    let stream = service.fullDuplexCall(options: options) { requests in
      for await request in due { try await requests.write(request) }
    }
    var responses = stream.makeAsyncIterator()
    for (requestSize, responseSize) in steps {
      next.yield(
        GRPCTesting.StreamingOutputCallRequest(
          responseParameters: [.init(size: Int32(responseSize))],
          payload: GRPCTesting.Payload(body: zeros(requestSize))
        )
      )
      guard let response = try await responses.next() else {
        throw CaseFailure("the stream ended before it was asked to")
      }
      try check(response.payload, hasZeros: responseSize)
    }
    next.finish()
    guard try await responses.next() == nil else {
      throw CaseFailure("there are more responses than were asked for")
    }
  }

  /// `empty_stream`.
  func emptyStream() async throws {
    let responses = service.fullDuplexCall(options: options) { _ in }
    try await check(responses, hasSizes: [])
  }
}
