package import NIOCore

/// Says where the servers of a name are.
///
/// Asked when a client first needs a connection, and again after connections broke or could not be
/// made; never by two at a time, and not more often than `ClientConfiguration` says.
package protocol NameResolver: Sendable {
  /// The addresses in the order in which they should be tried; there should be one at least.
  ///
  /// - Throws: why the name could not be resolved; calls fail with its text if no addresses are
  ///   known from before.
  func addresses() async throws -> [SocketAddress]
}

/// Addresses that were given and never change.
struct FixedAddresses: NameResolver {
  let list: [SocketAddress]

  func addresses() async throws -> [SocketAddress] { list }
}

/// When to ask a resolver again: pure, with the clock passed in.
struct ResolutionSchedule {
  private enum State {
    case resting(until: ContinuousClock.Instant?)
    case running
  }

  private let interval: Duration
  private let backoff: Backoff
  private let random: @Sendable () -> Double
  private var state = State.resting(until: nil)
  private var failures = 0
  /// Whether somebody wants an answer that is newer than the last.
  private var isWanted = false

  /// - Parameters:
  ///   - interval: The least time between an answer and the next question.
  ///   - backoff: How long to wait after failures.
  ///   - random: From -1 through 1.
  init(interval: Duration, backoff: Backoff, random: @escaping @Sendable () -> Double) {
    self.interval = interval
    self.backoff = backoff
    self.random = random
  }

  /// When `start` should be asked again; `nil`: not before the next event.
  var nextWake: ContinuousClock.Instant? {
    guard isWanted, case .resting(let until) = state else { return nil }
    return until
  }

  mutating func request() { isWanted = true }

  /// Whether the resolver is to be asked now.
  mutating func start(now: ContinuousClock.Instant) -> Bool {
    guard isWanted, case .resting(let until) = state else { return false }
    if let until, until > now { return false }
    isWanted = false
    state = .running
    return true
  }

  mutating func succeeded(now: ContinuousClock.Instant) {
    failures = 0
    state = .resting(until: now + interval)
  }

  mutating func failed(now: ContinuousClock.Instant) {
    state = .resting(until: now + backoff.delay(after: failures, random: random()))
    failures += 1
    isWanted = true
  }
}
