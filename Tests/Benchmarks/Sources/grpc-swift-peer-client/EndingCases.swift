import GRPCCore
import PeerMessages

/// Cases of calls that end early.
extension Cases {
  func statusCodeAndMessage() async throws {
    let message = "test status message"
    try await unaryStatus(message)
    let error = try await expect(.unknown) {
      try await service.fullDuplexCall { writer in
        var request = Grpc_Testing_StreamingOutputCallRequest()
        request.responseStatus.code = Int32(Status.Code.unknown.rawValue)
        request.responseStatus.message = message
        try await writer.write(request)
      } onResponse: { response in
        for try await _ in response.messages {
          throw CheckFailure(claim: "a response beside the status")
        }
      }
    }
    try check(error.message == message, "the message is \"\(error.message)\"")
  }

  func cancelAfterBegin() async throws {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      try await service.streamingInputCall { _ in
        // The metadata is on its way.
        begin.finish()
        try await Task.sleep(for: .seconds(3600))
      }
    }
    for await _ in begun {}
    call.cancel()
    try await expectCancelled(call)
  }

  func cancelAfterFirstResponse() async throws {
    let (answered, answer) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      try await service.fullDuplexCall { writer in
        try await writer.write(
          Grpc_Testing_StreamingOutputCallRequest(response: 31_415, payload: 27_182)
        )
        try await Task.sleep(for: .seconds(3600))
      } onResponse: { response in
        for try await message in response.messages {
          try check(message.payload, isZeros: 31_415)
          answer.finish()
        }
      }
    }
    for await _ in answered {}
    call.cancel()
    try await expectCancelled(call)
  }

  /// Awaits a call whose task was cancelled, and sees to it that the connection outlives it.
  ///
  /// grpc-swift-2 has no single error for that: by where the cancellation meets the call, it throws
  /// CANCELLED, `CancellationError`, that one wrapped in UNKNOWN, or UNAVAILABLE since the stream
  /// closed.
  private func expectCancelled<Result>(_ call: Task<Result, any Error>) async throws {
    do {
      _ = try await call.value
      throw CheckFailure(claim: "OK and not cancelled")
    } catch is CancellationError {
    } catch let error as RPCError {
      try check(
        error.code == .cancelled || error.code == .unavailable || error.cause is CancellationError,
        "\(error) and not cancelled"
      )
    }
    try await emptyUnary()
  }

  func timeoutOnSleepingServer() async throws {
    var options = CallOptions.defaults
    options.timeout = .milliseconds(1)
    try await expect(.deadlineExceeded) {
      try await service.fullDuplexCall(options: options) { writer in
        try await writer.write(Grpc_Testing_StreamingOutputCallRequest(payload: 27_182))
        try await Task.sleep(for: .seconds(3600))
      } onResponse: { response in
        for try await _ in response.messages {}
      }
    }
  }
}
