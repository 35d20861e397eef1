import GRPCCore
import PeerMessages

/// Cases of many requests or many responses.
extension Cases {
  private static let requestSizes = [27_182, 8, 1_828, 45_904]
  private static let responseSizes = [31_415, 9, 2_653, 58_979]

  func clientStreaming() async throws {
    let response = try await service.streamingInputCall { writer in
      for size in Self.requestSizes {
        var request = Grpc_Testing_StreamingInputCallRequest()
        request.payload = .zeros(size)
        try await writer.write(request)
      }
    }
    try check(response.aggregatedPayloadSize == 74_922, "a wrong sum")
  }

  func clientCompressedStreaming() async throws {
    let call = { (size: Int, claim: Bool, isCompressed: Bool) async throws in
      var options = CallOptions.defaults
      options.compression = isCompressed ? .gzip : CompressionAlgorithm.none
      let response = try await service.streamingInputCall(options: options) { writer in
        var request = Grpc_Testing_StreamingInputCallRequest()
        request.payload = .zeros(size)
        request.expectCompressed = Grpc_Testing_BoolValue(claim)
        try await writer.write(request)
      }
      try check(response.aggregatedPayloadSize == size, "a wrong sum")
    }
    try await expect(.invalidArgument) { try await call(27_182, true, false) }
    try await call(27_182, true, true)
    try await call(45_904, false, false)
  }

  func serverStreaming() async throws {
    var request = Grpc_Testing_StreamingOutputCallRequest()
    request.responseParameters = Self.responseSizes.map { size in
      var parameters = Grpc_Testing_ResponseParameters()
      parameters.size = Int32(size)
      return parameters
    }
    try await service.streamingOutputCall(request) { response in
      var index = 0
      for try await message in response.messages {
        try check(index < Self.responseSizes.count, "too many responses")
        try check(message.payload, isZeros: Self.responseSizes[index])
        index += 1
      }
      try check(index == Self.responseSizes.count, "too few responses")
    }
  }

  func serverCompressedStreaming() async throws {
    let asked = [(size: 31_415, compressed: true), (size: 92_653, compressed: false)]
    var request = Grpc_Testing_StreamingOutputCallRequest()
    request.responseParameters = asked.map { size, compressed in
      var parameters = Grpc_Testing_ResponseParameters()
      parameters.size = Int32(size)
      parameters.compressed = Grpc_Testing_BoolValue(compressed)
      return parameters
    }
    try await service.streamingOutputCall(request) { response in
      var index = 0
      for try await message in response.messages {
        try check(index < asked.count, "too many responses")
        try check(message.payload, isZeros: asked[index].size)
        try check(
          isCompressed(index, response.metadata) == asked[index].compressed,
          "response \(index) is not compressed as asked for"
        )
        index += 1
      }
      try check(index == asked.count, "too few responses")
    }
  }

  func pingPong() async throws {
    let (turns, next) = AsyncStream.makeStream(of: Int.self)
    next.yield(0)
    try await service.fullDuplexCall { writer in
      for await index in turns {
        try await writer.write(
          Grpc_Testing_StreamingOutputCallRequest(
            response: Self.responseSizes[index],
            payload: Self.requestSizes[index]
          )
        )
      }
    } onResponse: { response in
      var index = 0
      for try await message in response.messages {
        try check(index < Self.responseSizes.count, "too many responses")
        try check(message.payload, isZeros: Self.responseSizes[index])
        index += 1
        if index < Self.responseSizes.count { next.yield(index) } else { next.finish() }
      }
      try check(index == Self.responseSizes.count, "too few responses")
    }
  }

  func emptyStream() async throws {
    try await service.fullDuplexCall { _ in
    } onResponse: { response in
      for try await _ in response.messages { throw CheckFailure(claim: "a response to nothing") }
    }
  }

  private static let initialKey = "x-grpc-test-echo-initial"
  private static let initialValue = "test_initial_metadata_value"
  private static let trailingKey = "x-grpc-test-echo-trailing-bin"
  private static let trailingValue: [UInt8] = [0xab, 0xab, 0xab]

  func customMetadata() async throws {
    let metadata: Metadata = [
      Self.initialKey: .string(Self.initialValue),
      Self.trailingKey: .binary(Self.trailingValue),
    ]
    let size = Grpc_Testing_SimpleRequest.largeResponse
    try await service.unaryCall(.large, metadata: metadata) { response in
      try check(try response.message.payload, isZeros: size)
      try checkInitial(response.metadata)
      try checkTrailing(response.trailingMetadata)
    }
    try await service.fullDuplexCall(metadata: metadata) { writer in
      try await writer.write(
        Grpc_Testing_StreamingOutputCallRequest(response: size, payload: 271_828)
      )
    } onResponse: { response in
      try checkInitial(response.metadata)
      var responses = 0
      for try await part in response.bodyParts {
        switch part {
        case .message(let message):
          try check(message.payload, isZeros: size)
          responses += 1
        case .trailingMetadata(let metadata):
          try checkTrailing(metadata)
        }
      }
      try check(responses == 1, "\(responses) responses and not 1")
    }
  }

  private func checkInitial(_ metadata: Metadata) throws {
    try check(
      Array(metadata[stringValues: Self.initialKey]) == [Self.initialValue],
      "the initial metadata does not come back"
    )
  }

  private func checkTrailing(_ metadata: Metadata) throws {
    try check(
      Array(metadata[binaryValues: Self.trailingKey]) == [Self.trailingValue],
      "the trailing metadata does not come back"
    )
  }
}
