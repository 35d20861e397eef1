/// Whether a call that failed is made again, and when: pure.
///
/// Source: "Summary of Retry and Hedging Logic", "Pushback" and "Transparent Retries" in gRFC A6.
struct RetryState {
  private let policy: RetryPolicy?
  /// The attempts that reached a server or might have, the present one among them.
  private(set) var attempts = 1
  /// The waits since the last that a server asked for.
  private var waits = 0
  private var wasRefused = false

  init(_ policy: RetryPolicy?) {
    self.policy = policy
  }

  /// How long to wait before the next attempt; `nil`: the failure stands.
  ///
  /// `isCommitted` says that the call cannot be made again, since somebody has seen a part of the
  /// response, or the request is no longer kept; `random` is from -1 through 1.
  mutating func wait(
    after error: RPCError,
    _ reach: ClientStream.Reach,
    isCommitted: Bool,
    throttle: RetryThrottle?,
    random: Double
  ) -> Duration? {
    switch reach {
    case .nowhere:
      return isCommitted ? nil : .zero
    case .refused where !wasRefused:
      wasRefused = true
      return isCommitted ? nil : .zero
    case .refused, .server:
      break
    }
    guard let policy else { return nil }
    let pushback = error.metadata[Metadata.retryPushback].map { Int32($0) ?? -1 }
    let mustNot = pushback.map { $0 < 0 } ?? false
    guard policy.retryableCodes.contains(error.code) || mustNot else { return nil }
    // A failure takes its token also if nothing follows from it.
    let mayRetry = throttle?.failed() ?? true
    let limit = min(policy.maxAttempts, RetryPolicy.maxAttemptsLimit)
    guard mayRetry, !mustNot, !isCommitted, attempts < limit else { return nil }
    attempts += 1
    if let pushback {
      waits = 0
      return .milliseconds(pushback)
    }
    waits += 1
    return policy.backoff.delay(after: waits - 1, random: random)
  }
}
