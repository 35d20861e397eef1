import Testing

@testable import GRPC

@Suite("Making calls again")
struct RetryStateTests {
  private let policy = RetryPolicy(
    maxAttempts: 4,
    backoff: Backoff(initial: .seconds(1), multiplier: 2, maximum: .seconds(3)),
    retryableCodes: [.unavailable]
  )

  private func unavailable(pushback: String? = nil) -> RPCError {
    var error = RPCError(.unavailable, "")
    if let pushback { _ = error.metadata.receive(pushback, for: "grpc-retry-pushback-ms") }
    return error
  }

  private func wait(
    _ state: inout RetryState,
    _ error: RPCError,
    _ reach: ClientStream.Reach = .server,
    isCommitted: Bool = false,
    _ throttle: RetryThrottle? = nil
  ) -> Duration? {
    state.wait(after: error, reach, isCommitted: isCommitted, throttle: throttle, random: 0)
  }

  @Test func `waits longer each time, and ends with the attempts`() {
    var state = RetryState(policy)
    #expect(wait(&state, unavailable()) == .seconds(1))
    #expect(wait(&state, unavailable()) == .seconds(2))
    #expect(wait(&state, unavailable()) == .seconds(3))
    #expect(state.attempts == 4)
    #expect(wait(&state, unavailable()) == nil)
  }

  @Test func `is for the codes of the policy, and for what nobody has seen`() {
    var state = RetryState(policy)
    #expect(wait(&state, RPCError(.internalError, "")) == nil)
    #expect(wait(&state, unavailable(), isCommitted: true) == nil)
    var none = RetryState(nil)
    #expect(wait(&none, unavailable()) == nil)
  }

  @Test func `is at once and without end for a call that never left`() {
    var state = RetryState(nil)
    for _ in 0..<100 { #expect(wait(&state, unavailable(), .nowhere) == .zero) }
    #expect(wait(&state, unavailable(), .nowhere, isCommitted: true) == nil)
    #expect(state.attempts == 1)
  }

  @Test func `is at once and but once for a call that was refused`() {
    var state = RetryState(nil)
    #expect(wait(&state, unavailable(), .refused) == .zero)
    #expect(wait(&state, unavailable(), .refused) == nil)
    // Then it is the policy's.
    var other = RetryState(policy)
    #expect(wait(&other, unavailable(), .refused) == .zero)
    #expect(wait(&other, unavailable(), .refused) == .seconds(1))
    #expect(other.attempts == 2)
  }

  @Test func `has at most five attempts`() {
    var many = policy
    many.maxAttempts = 100
    var state = RetryState(many)
    for _ in 0..<4 { #expect(wait(&state, unavailable()) != nil) }
    #expect(wait(&state, unavailable()) == nil)
  }

  @Test func `does as the server says`() {
    var state = RetryState(policy)
    #expect(wait(&state, unavailable()) == .seconds(1))
    #expect(wait(&state, unavailable(pushback: "70")) == .milliseconds(70))
    // Waits begin anew after that.
    #expect(wait(&state, unavailable()) == .seconds(1))
    for text in ["-1", "soon", "", "1.5", "99999999999"] {
      var other = RetryState(policy)
      #expect(wait(&other, unavailable(pushback: text)) == nil)
    }
  }

  @Test func `is throttled while half of the tokens are gone`() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 4, milliTokenRatio: 500))
    var state = RetryState(policy)
    #expect(wait(&state, unavailable(), .server, throttle) == .seconds(1))
    #expect(wait(&state, unavailable(), .server, throttle) == nil)
    // Other failures take no token, successes earn a half.
    var other = RetryState(policy)
    #expect(wait(&other, RPCError(.notFound, ""), .server, throttle) == nil)
    for _ in 0..<3 { throttle.succeeded() }
    #expect(wait(&other, unavailable(), .server, throttle) == .seconds(1))
  }

  @Test func `a server that says no takes a token`() {
    let throttle = RetryThrottle(RetryThrottling(maxTokens: 4, milliTokenRatio: 1000))
    var error = RPCError(.notFound, "")
    _ = error.metadata.receive("-1", for: "grpc-retry-pushback-ms")
    var state = RetryState(policy)
    for _ in 0..<2 { #expect(wait(&state, error, .server, throttle) == nil) }
    #expect(wait(&state, unavailable(), .server, throttle) == nil)
  }
}
