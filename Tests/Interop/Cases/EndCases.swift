import GRPC

/// Calls that their callers give up.
///
/// That is decided at this end, so each of these cases also makes calls that only a server can
/// answer: none passes where there is no server, nor where it ends the call by itself.
extension InteropClient {
  /// `cancel_after_begin`.
  func cancelAfterBegin() async throws {
    try await emptyUnary()
    let hasBegun = Fact()
    let call = Task {
      defer { hasBegun.settle() }
      return try await service.streamingInputCall(options: options) { _ in
        hasBegun.settle()
        try await Task.sleep(for: .seconds(86_400))
      }
    }
    defer { call.cancel() }
    await hasBegun.wait()
    // When this is answered the server has seen the call that began before it.
    try await emptyUnary()
    call.cancel()
    try await check(endsWith: .cancelled) { _ = try await call.value }
    try await emptyUnary()
  }

  /// `cancel_after_first_response`.
  func cancelAfterFirstResponse() async throws {
    let hasResponse = Fact()
    let call = Task {
      defer { hasResponse.settle() }
      let stream = service.fullDuplexCall(options: options) { requests in
        try await requests.write(
          GRPCTesting.StreamingOutputCallRequest(
            responseParameters: [.init(size: 31_415)],
            payload: GRPCTesting.Payload(body: zeros(27_182))
          )
        )
        try await Task.sleep(for: .seconds(86_400))
      }
      var responses = stream.makeAsyncIterator()
      try check(try await responses.next()?.payload, hasZeros: 31_415)
      hasResponse.settle()
      if try await responses.next() != nil { throw CaseFailure("there is a second response") }
    }
    defer { call.cancel() }
    await hasResponse.wait()
    try await emptyUnary()
    call.cancel()
    try await check(endsWith: .cancelled) { try await call.value }
    try await emptyUnary()
  }

  /// `timeout_on_sleeping_server`.
  func timeoutOnSleepingServer() async throws {
    try await emptyUnary()
    var options = options
    options.timeout = sleepTimeout
    let responses = service.fullDuplexCall(options: options) { requests in
      try await requests.write(.init(payload: GRPCTesting.Payload(body: zeros(27_182))))
      try await Task.sleep(for: .seconds(86_400))
    }
    try await check(endsWith: .deadlineExceeded) { try await check(responses, hasSizes: []) }
    try await emptyUnary()
  }
}
