import GRPC
import Synchronization

extension InteropClient {
  /// `client_compressed_unary`.
  func clientCompressedUnary() async throws {
    func request(compressed: Bool) -> GRPCTesting.SimpleRequest {
      var request = LargeUnary.request
      request.expectCompressed = GRPCTesting.BoolValue(value: compressed)
      return request
    }
    try await check(endsWith: .invalidArgument) {
      _ = try await service.unaryCall(request(compressed: true), options: options)
    }
    var compressing = options
    compressing.compression = .gzip
    for (isCompressed, options) in [(true, compressing), (false, options)] {
      let response = try await service.unaryCall(
        request(compressed: isCompressed),
        options: options
      )
      try check(response.payload, hasZeros: LargeUnary.responseSize)
    }
  }

  /// `client_compressed_streaming`.
  func clientCompressedStreaming() async throws {
    @Sendable func request(_ size: Int, compressed: Bool) -> GRPCTesting.StreamingInputCallRequest {
      GRPCTesting.StreamingInputCallRequest(
        payload: GRPCTesting.Payload(body: zeros(size)),
        expectCompressed: GRPCTesting.BoolValue(value: compressed)
      )
    }
    var options = options
    options.compression = .gzip
    try await check(endsWith: .invalidArgument) {
      _ = try await service.streamingInputCall(options: options) { requests in
        try await requests.write(request(27_182, compressed: true), compress: false)
      }
    }
    let response = try await service.streamingInputCall(options: options) { requests in
      try await requests.write(request(27_182, compressed: true))
      try await requests.write(request(45_904, compressed: false), compress: false)
    }
    try check("the size of all payloads", response.aggregatedPayloadSize, is: 73_086)
  }

  /// `server_compressed_unary`.
  func serverCompressedUnary() async throws {
    for isWanted in [true, false] {
      var request = LargeUnary.request
      request.responseCompressed = GRPCTesting.BoolValue(value: isWanted)
      let info = Mutex<ResponseInfo?>(nil)
      var options = options
      options.onResponse = { arrived in info.withLock { $0 = arrived } }
      let response = try await service.unaryCall(request, options: options)
      try check(response.payload, hasZeros: LargeUnary.responseSize)
      let isCompressed = info.withLock { $0?.isCompressed ?? !isWanted }
      try check("whether a response is compressed", isCompressed, is: isWanted)
    }
  }

  /// `server_compressed_streaming`.
  func serverCompressedStreaming() async throws {
    let wanted = [(31_415, true), (92_653, false)]
    let stream = service.streamingOutputCall(
      GRPCTesting.StreamingOutputCallRequest(
        responseParameters: wanted.map { size, isCompressed in
          .init(size: Int32(size), compressed: GRPCTesting.BoolValue(value: isCompressed))
        }
      ),
      options: options
    )
    var responses = stream.makeAsyncIterator()
    for (size, isWanted) in wanted {
      guard let response = try await responses.next() else {
        throw CaseFailure("there are fewer responses than were asked for")
      }
      try check(response.payload, hasZeros: size)
      try check("whether a response is compressed", stream.isLastCompressed, is: isWanted)
    }
    guard try await responses.next() == nil else {
      throw CaseFailure("there are more responses than were asked for")
    }
  }
}
