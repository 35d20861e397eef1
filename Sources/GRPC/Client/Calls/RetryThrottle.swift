import Synchronization

/// The tokens of a client, which decide whether calls are made again.
///
/// Source: "Throttling Retry Attempts and Hedged RPCs" in gRFC A6.
final class RetryThrottle: Sendable {
  private let limit: Int
  private let ratio: Int
  /// In thousandths.
  private let tokens: Mutex<Int>

  init(_ config: RetryThrottling) {
    limit = config.maxTokens * 1_000
    ratio = config.milliTokenRatio
    tokens = Mutex(limit)
  }

  func succeeded() {
    tokens.withLock { $0 = min(limit, $0 + ratio) }
  }

  /// Takes a token; whether calls may still be made again.
  func failed() -> Bool {
    tokens.withLock { tokens in
      tokens = max(0, tokens - 1_000)
      return tokens > limit / 2
    }
  }
}
