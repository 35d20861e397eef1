import GRPC

extension InteropClient {
  /// `status_code_and_message`.
  func statusCodeAndMessage() async throws {
    let status = GRPCTesting.EchoStatus(code: 2, message: "test status message")
    try await check(endsWith: .unknown, status.message) {
      _ = try await service.unaryCall(.init(responseStatus: status), options: options)
    }
    let responses = service.fullDuplexCall(options: options) { requests in
      try await requests.write(.init(responseStatus: status))
    }
    try await check(endsWith: .unknown, status.message) {
      try await check(responses, hasSizes: [])
    }
  }

  /// `special_status_message`.
  func specialStatusMessage() async throws {
    let status = GRPCTesting.EchoStatus(
      code: 2,
      message: "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    )
    try await check(endsWith: .unknown, status.message) {
      _ = try await service.unaryCall(.init(responseStatus: status), options: options)
    }
  }

  /// `unimplemented_method`.
  func unimplementedMethod() async throws {
    try await check(endsWith: .unimplemented) {
      _ = try await service.unimplementedCall(GRPCTesting.Empty(), options: options)
    }
  }

  /// `unimplemented_service`.
  func unimplementedService() async throws {
    let service = GRPCTesting.UnimplementedServiceClient(channel)
    try await check(endsWith: .unimplemented) {
      _ = try await service.unimplementedCall(GRPCTesting.Empty(), options: options)
    }
  }
}
