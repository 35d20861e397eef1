import GRPCCore
import GRPCNIOTransportHTTP2Posix
import PeerMessages
import PeerSupport

/// Cases of one request and one response.
extension Cases {
  func emptyUnary() async throws {
    let response = try await service.emptyCall(Grpc_Testing_Empty())
    try check(response == Grpc_Testing_Empty(), "a response that is not empty")
  }

  func largeUnary() async throws {
    let response = try await service.unaryCall(.large)
    try check(response.payload, isZeros: Grpc_Testing_SimpleRequest.largeResponse)
  }

  func clientCompressedUnary() async throws {
    let call = { (claim: Bool, isCompressed: Bool) async throws in
      var request = Grpc_Testing_SimpleRequest.large
      request.expectCompressed = Grpc_Testing_BoolValue(claim)
      var options = CallOptions.defaults
      options.compression = isCompressed ? .gzip : CompressionAlgorithm.none
      let response = try await service.unaryCall(request, options: options)
      try check(response.payload, isZeros: Grpc_Testing_SimpleRequest.largeResponse)
    }
    try await expect(.invalidArgument) { try await call(true, false) }
    try await call(true, true)
    try await call(false, false)
  }

  func serverCompressedUnary() async throws {
    for asked in [true, false] {
      var request = Grpc_Testing_SimpleRequest.large
      request.responseCompressed = Grpc_Testing_BoolValue(asked)
      try await service.unaryCall(request) { response in
        try check(
          try response.message.payload,
          isZeros: Grpc_Testing_SimpleRequest.largeResponse
        )
        try check(
          isCompressed(0, response.metadata) == asked,
          "a response that is \(asked ? "not " : "")compressed"
        )
      }
    }
  }

  func specialStatusMessage() async throws {
    try await unaryStatus(
      "\t\ntest with whitespace\r\nand Unicode BMP \u{263a} and non-BMP \u{1f608}\t\n"
    )
  }

  /// Has a unary call end with UNKNOWN and a message.
  func unaryStatus(_ message: String) async throws {
    var request = Grpc_Testing_SimpleRequest()
    request.responseStatus.code = Int32(Status.Code.unknown.rawValue)
    request.responseStatus.message = message
    let error = try await expect(.unknown) { try await service.unaryCall(request) }
    try check(error.message == message, "the message is \"\(error.message)\"")
  }

  func unimplementedMethod() async throws {
    try await expect(.unimplemented) { try await service.unimplementedCall(Grpc_Testing_Empty()) }
  }

  func unimplementedService() async throws {
    let service = Grpc_Testing_UnimplementedService.Client(wrapping: client)
    try await expect(.unimplemented) { try await service.unimplementedCall(Grpc_Testing_Empty()) }
  }

  func concurrentLargeUnary() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<1000 { group.addTask { try await largeUnary() } }
      try await group.waitForAll()
    }
  }

  /// Makes calls one after the other.
  static func soak(_ flags: Flags, call: () async throws -> Void) async throws {
    let iterations = flags.number("soak_iterations", 10)
    let acceptable = Duration.milliseconds(
      flags.number("soak_per_iteration_max_acceptable_latency_ms", 1000)
    )
    let end =
      ContinuousClock.now
      + .seconds(flags.number("soak_overall_timeout_seconds", iterations))
    var failures = 0
    for done in 0..<iterations {
      let start = ContinuousClock.now
      try check(start < end, "only \(done) calls in the time")
      do {
        try await call()
        if ContinuousClock.now - start > acceptable { failures += 1 }
      } catch {
        print("call \(done): \(error)")
        failures += 1
      }
    }
    try check(failures <= flags.number("soak_max_failures", 0), "\(failures) failures")
  }
}
