import NIOCore

/// Whether calls can be made; of a whole client, or of one of its connections.
///
/// Source: grpc/grpc `doc/connectivity-semantics-and-api.md`.
package enum Connectivity: Sendable, Equatable {
  /// Not connected, since nobody has asked for it.
  case idle
  /// A connection is being made.
  case connecting
  /// Calls can be made.
  case ready
  /// Connecting has failed, and will be tried again after a while.
  case transientFailure
  /// Closed for good.
  case shutdown
}

/// One address of a server and its connection: a pure machine, with the clock passed in.
struct Subchannel {
  /// What a server says of itself to those that ask (gRFC A17).
  enum Health: Equatable {
    /// Not asked for.
    case unchecked
    case unknown
    case serving
    case notServing
  }

  /// Connections have numbers, so that news of one that was given up is recognised.
  enum State: Equatable {
    case idle
    case connecting(attempt: Int)
    case ready(attempt: Int, health: Health)
    case transientFailure(until: ContinuousClock.Instant)
    case shutdown
  }

  let address: SocketAddress
  private(set) var state = State.idle

  /// Whether connecting has failed and not succeeded since.
  ///
  /// A client that is busy with the next attempt fails its calls all the same.
  private(set) var hasFailed = false

  /// The attempts that failed since the last that succeeded.
  private(set) var failures = 0

  /// When the next attempt may begin if this one fails.
  private(set) var retryAt: ContinuousClock.Instant?

  init(address: SocketAddress) {
    self.address = address
  }

  /// The number of the connection that is there or being made.
  var attempt: Int? {
    switch state {
    case .connecting(let attempt), .ready(let attempt, _): attempt
    case .idle, .transientFailure, .shutdown: nil
    }
  }

  var isConnecting: Bool {
    if case .connecting = state { true } else { false }
  }

  var connectivity: Connectivity {
    switch state {
    case .idle: .idle
    case .connecting: .connecting
    case .ready(_, .unknown): .connecting
    case .ready(_, .notServing): .transientFailure
    case .ready: .ready
    case .transientFailure: .transientFailure
    case .shutdown: .shutdown
    }
  }

  /// Begins an attempt, unless there is one, or it is too early after the last.
  ///
  /// `attempt` is the new connection's number, and `wait` how long after `now` the next may begin.
  /// - Returns: whether it began.
  mutating func connect(
    attempt: Int,
    now: ContinuousClock.Instant,
    wait: Duration
  ) -> Bool {
    switch state {
    case .idle: break
    case .transientFailure(let until) where until <= now: break
    case .transientFailure, .connecting, .ready, .shutdown: return false
    }
    state = .connecting(attempt: attempt)
    retryAt = now + wait
    return true
  }

  mutating func connected(health: Health) {
    guard case .connecting(let attempt) = state else { return }
    state = .ready(attempt: attempt, health: health)
    failures = 0
    if health == .unchecked { hasFailed = false }
  }

  /// The server has said how it is.
  mutating func report(_ health: Health) {
    guard case .ready(let attempt, _) = state else { return }
    state = .ready(attempt: attempt, health: health)
    hasFailed = health == .notServing
  }

  /// The connection is gone, or did not come to be.
  mutating func ended(now: ContinuousClock.Instant) {
    switch state {
    case .connecting:
      state = .transientFailure(until: retryAt ?? now)
      hasFailed = true
      failures += 1
    case .ready:
      state = .idle
    case .idle, .transientFailure, .shutdown:
      break
    }
  }

  /// This end gives the connection up.
  mutating func giveUp() {
    if attempt != nil { state = .idle }
  }

  mutating func shutDown() {
    state = .shutdown
  }
}
