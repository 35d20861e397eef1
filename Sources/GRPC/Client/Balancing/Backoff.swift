/// How long to wait after failures: longer and longer, and never two clients alike.
///
/// Source: grpc/grpc `doc/connection-backoff.md`.
package struct Backoff: Sendable, Equatable {
  /// The wait after the first failure.
  package var initial: Duration

  /// The factor from one wait to the next.
  package var multiplier: Double

  /// The part of a wait by which it may be longer or shorter, from 0 through 1.
  package var jitter: Double

  /// The longest wait, before jitter.
  package var maximum: Duration

  /// The specification's values unless others are given.
  package init(
    initial: Duration = .seconds(1),
    multiplier: Double = 1.6,
    jitter: Double = 0.2,
    maximum: Duration = .seconds(120)
  ) {
    self.initial = initial
    self.multiplier = multiplier
    self.jitter = jitter
    self.maximum = maximum
  }

  /// The wait that follows `failures` waits that did not help; `random`, from -1 through 1, says
  /// where it lies in the jitter's range.
  func delay(after failures: Int, random: Double) -> Duration {
    // A century, in case somebody means for ever.
    let limit = min(maximum / .seconds(1), 3_153_600_000)
    var seconds = min(initial / .seconds(1), limit)
    // Beyond a few hundred steps no factor over 1 changes anything.
    for _ in 0..<min(failures, 1_000) {
      let next = min(seconds * multiplier, limit)
      if next == seconds { break }
      seconds = next
    }
    return .microseconds(Int64(max(0, seconds * (1 + jitter * random) * 1_000_000).rounded()))
  }
}
