/// What time has to do with a connection: keepalive, age, idleness, and what stands still.
///
/// Looks now and then at counters that only grow, so that nothing is timed while there is traffic.
/// A value without a clock: the owner looks when `next` says, or sooner.
struct ConnectionWatch {
  /// What is watched, `nil`: not.
  struct Rules: Sendable {
    var keepalive: Keepalive?
    /// For the preface and the acknowledged settings, and for each header block.
    var handshakeTime: Duration?
    /// While bytes wait to be written.
    var stallTime: Duration?
    var maxIdle: Duration?
    var maxAge: Duration?
    /// After `maxAge`, for the calls that run.
    var maxAgeGrace: Duration?
  }

  /// What the connection has seen so far.
  struct Sight {
    var reads = 0
    var writes = 0
    var streamsBegun = 0
    var blocksBegun = 0
    var openStreams = 0
    var isSettled = false
    var isInBlock = false
    /// Whether HEADERS or DATA were sent since the peer's last PING.
    var hasSentContent = false
    /// Whether the channel is full.
    var isFull = false
  }

  /// What is to be done; the first that applies.
  enum Action: Equatable {
    case ping
    case drain
    case abort
    case expel(Offence)
  }

  private let rules: Rules
  private let begun: ContinuousClock.Instant
  /// How often to look for a change.
  private let period: Duration?

  private var quiet = Standstill()
  private var idle = Standstill()
  private var full = Standstill()
  private var inBlock = Standstill()
  private var pinged: ContinuousClock.Instant?
  private var isDraining = false
  private var isAborted = false
  private var isSettled = false

  init(_ rules: Rules, at now: ContinuousClock.Instant) {
    self.rules = rules
    begun = now
    let times = [rules.keepalive?.time, rules.handshakeTime, rules.stallTime, rules.maxIdle]
    period = times.compactMap { $0 }.min().map { max($0 / 2, .milliseconds(5)) }
  }

  mutating func look(_ sight: Sight, at now: ContinuousClock.Instant) -> Action? {
    isSettled = sight.isSettled
    if let limit = rules.handshakeTime {
      if !isSettled, now >= begun + limit { return .expel(.noHandshake) }
      let wait = inBlock.lasts(sight.isInBlock, progress: sight.blocksBegun, at: now)
      if wait >= limit { return .expel(.slowHeaders) }
    }
    if let limit = rules.stallTime,
      full.lasts(sight.isFull, progress: sight.writes, at: now) >= limit
    {
      return .expel(.unreadConnection)
    }
    if let action = keepAlive(sight, at: now) { return action }
    return retire(sight, at: now)
  }

  private mutating func keepAlive(_ sight: Sight, at now: ContinuousClock.Instant) -> Action? {
    guard let keepalive = rules.keepalive else { return nil }
    let isWanted = keepalive.withoutCalls || sight.openStreams > 0
    let wait = quiet.lasts(isWanted, progress: sight.reads, at: now)
    if wait == .zero { pinged = nil }
    if let pinged {
      return now >= pinged + keepalive.timeout ? .expel(.deadPeer) : nil
    }
    guard wait >= keepalive.time else { return nil }
    pinged = now
    return .ping
  }

  private mutating func retire(_ sight: Sight, at now: ContinuousClock.Instant) -> Action? {
    if let age = rules.maxAge, now >= begun + age {
      if !isDraining {
        isDraining = true
        return .drain
      }
      if let grace = rules.maxAgeGrace, !isAborted, now >= begun + age + grace {
        isAborted = true
        return .abort
      }
    }
    if let limit = rules.maxIdle, !isDraining,
      idle.lasts(sight.openStreams == 0, progress: sight.streamsBegun, at: now) >= limit
    {
      isDraining = true
      return .drain
    }
    return nil
  }

  /// When to look again, `nil`: never.
  func next(after now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    var times: [ContinuousClock.Instant?] = [period.map { now + $0 }]
    if let limit = rules.handshakeTime {
      times.append(isSettled ? nil : begun + limit)
      times.append(inBlock.end(after: limit))
    }
    if let limit = rules.stallTime { times.append(full.end(after: limit)) }
    if let limit = rules.maxIdle, !isDraining { times.append(idle.end(after: limit)) }
    if let keepalive = rules.keepalive {
      times.append(
        pinged.map { $0 + keepalive.timeout } ?? quiet.end(after: keepalive.time)
      )
    }
    if let age = rules.maxAge {
      if !isDraining { times.append(begun + age) }
      if let grace = rules.maxAgeGrace, !isAborted { times.append(begun + age + grace) }
    }
    return times.compactMap { $0 }.min()
  }
}

/// Since when a counter has not grown while it should.
struct Standstill {
  private var since: ContinuousClock.Instant?
  private var progress = 0

  /// - Returns: for how long `progress` has been the same and `isWaiting` true, as far as was
  ///   looked; zero if either has changed.
  mutating func lasts(
    _ isWaiting: Bool,
    progress: Int,
    at now: ContinuousClock.Instant
  ) -> Duration {
    guard isWaiting, let since, progress == self.progress else {
      since = isWaiting ? now : nil
      self.progress = progress
      return .zero
    }
    return now - since
  }

  /// When it will have lasted for `limit`.
  func end(after limit: Duration) -> ContinuousClock.Instant? {
    since.map { $0 + limit }
  }
}

extension Duration {
  /// Whole milliseconds, no more than 64 bits hold.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, isOver) = seconds.multipliedReportingOverflow(by: 1000)
    return isOver ? .max : product + attoseconds / 1_000_000_000_000_000
  }
}
