import NIOCore

/// Which connections a client keeps and which of them the next call takes: pure, with the clock
/// and chance passed in.
///
/// Events go in, actions come out; whoever performs them comes back with the next events.
/// Sources: grpc/grpc `doc/load-balancing.md`, `doc/connectivity-semantics-and-api.md`, gRFCs A61
/// (pick first) and A17 (health).
struct Balancer {
  typealias Instant = ContinuousClock.Instant

  struct Settings: Sendable {
    var policy = ServiceConfig.LoadBalancing.pickFirst
    var backoff = Backoff()
    /// The least that an attempt to connect is given.
    var connectTimeout = Duration.seconds(20)
    /// How long an attempt stays alone before the next address is tried beside it (RFC 8305).
    var attemptDelay = Duration.milliseconds(250)
    var checksHealth = false
    /// From -1 through 1.
    var random: @Sendable () -> Double = { .random(in: -1...1) }
  }

  enum Action: Equatable {
    case connect(attempt: Int, SocketAddress, timeout: Duration)
    /// The connection is not wanted: it has no calls.
    case close(attempt: Int)
    /// The connection takes no more calls and ends after those it has.
    case retire(attempt: Int)
    /// The server's health is to be watched.
    case watch(attempt: Int)
    case resolve
  }

  /// What happens to the next call.
  enum Picker: Equatable {
    /// Nothing is known to be wrong, and nobody has asked for a connection yet.
    case idle
    case wait
    case fail(RPCError)
    /// Takes one of these connections, each in its turn.
    case ready([Int])
  }

  private let settings: Settings
  private(set) var subchannels: [Subchannel] = []
  private var actions: [Action] = []
  private var attempts = 0
  private var failure = RPCError(.unavailable, "there is no connection")
  private var isWanted = false
  private var isShutDown = false

  // Pick first: the pass over the addresses.
  private var next = 0
  private var soloUntil: Instant?
  /// Whether a pass has failed, and no connection came to be since.
  private var hasPassed = false

  init(_ settings: Settings) {
    self.settings = settings
  }

  // Events.

  /// A call needs a connection.
  mutating func request(now: Instant) -> [Action] {
    guard !isShutDown else { return [] }
    isWanted = true
    if subchannels.isEmpty { actions.append(.resolve) }
    if settings.policy == .roundRobin {
      for index in subchannels.indices where subchannels[index].state == .idle {
        connect(index, now)
      }
    }
    return settle(now)
  }

  /// The resolver has answered.
  mutating func update(_ addresses: [SocketAddress], now: Instant) -> [Action] {
    guard !isShutDown else { return [] }
    guard !addresses.isEmpty else {
      return resolutionFailed("the name has no addresses", now: now)
    }
    // Names that cannot be resolved have nothing to do with the addresses.
    if subchannels.isEmpty { hasPassed = false }
    var known = Dictionary(uniqueKeysWithValues: subchannels.map { ($0.address, $0) })
    var seen: Set<SocketAddress> = []
    subchannels = addresses.filter { seen.insert($0).inserted }
      .map { known.removeValue(forKey: $0) ?? Subchannel(address: $0) }
    for subchannel in known.values {
      guard let attempt = subchannel.attempt else { continue }
      actions.append(subchannel.isConnecting ? .close(attempt: attempt) : .retire(attempt: attempt))
    }
    next = 0
    soloUntil = nil
    return settle(now)
  }

  /// The resolver could not say; addresses that are known stay.
  mutating func resolutionFailed(_ reason: String, now: Instant) -> [Action] {
    if subchannels.isEmpty {
      failure = RPCError(.unavailable, reason)
      hasPassed = true
    }
    return settle(now)
  }

  mutating func connected(_ attempt: Int, now: Instant) -> [Action] {
    guard let index = index(of: attempt) else { return [.close(attempt: attempt)] }
    let isWatched = settings.checksHealth && settings.policy == .roundRobin
    subchannels[index].connected(health: isWatched ? .unknown : .unchecked)
    if isWatched { actions.append(.watch(attempt: attempt)) }
    return settle(now)
  }

  /// A connection is gone, takes no more calls, or did not come to be.
  mutating func ended(_ attempt: Int, _ error: RPCError, now: Instant) -> [Action] {
    guard let index = index(of: attempt) else { return [] }
    let wasConnecting = subchannels[index].isConnecting
    subchannels[index].ended(now: now)
    failure = error
    if wasConnecting {
      soloUntil = nil
      if settings.policy == .roundRobin { actions.append(.resolve) }
    } else {
      actions.append(.resolve)
      // Until the next call asks for it.
      if settings.policy == .pickFirst {
        isWanted = false
        next = 0
      }
    }
    return settle(now)
  }

  /// What a connection's server says of its health.
  mutating func report(_ attempt: Int, _ health: Subchannel.Health, now: Instant) -> [Action] {
    guard let index = index(of: attempt) else { return [] }
    subchannels[index].report(health)
    if health == .notServing {
      failure = RPCError(.unavailable, "the server at \(subchannels[index].address) is not serving")
    }
    return settle(now)
  }

  /// `nextWake` has come.
  mutating func wake(now: Instant) -> [Action] { settle(now) }

  mutating func shutDown() {
    isShutDown = true
    for index in subchannels.indices { subchannels[index].shutDown() }
  }
}

// What follows from it.
extension Balancer {
  var picker: Picker {
    let ready = subchannels.filter { $0.connectivity == .ready }.compactMap(\.attempt)
    if !ready.isEmpty { return .ready(ready) }
    if isFailing { return .fail(failure) }
    return isWanted ? .wait : .idle
  }

  private var isFailing: Bool {
    switch settings.policy {
    case .pickFirst: hasPassed
    case .roundRobin: subchannels.isEmpty ? hasPassed : subchannels.allSatisfy(\.hasFailed)
    }
  }

  /// The state of the whole.
  var connectivity: Connectivity {
    if isShutDown { return .shutdown }
    switch picker {
    case .idle: return .idle
    case .wait: return .connecting
    case .fail: return .transientFailure
    case .ready: return .ready
    }
  }

  /// When `wake` should be called; `nil`: not before the next event.
  var nextWake: Instant? {
    guard isWanted, !isShutDown else { return nil }
    if settings.policy == .pickFirst {
      if subchannels.contains(where: { $0.connectivity == .ready }) { return nil }
      if !hasPassed { return next < subchannels.count ? soloUntil : nil }
    }
    return subchannels.compactMap { subchannel in
      switch subchannel.state {
      case .transientFailure(let until): until
      case .idle: subchannel.retryAt
      case .connecting, .ready, .shutdown: nil
      }
    }.min()
  }

  private func index(of attempt: Int) -> Int? {
    subchannels.firstIndex { $0.attempt == attempt }
  }

  private mutating func take() -> [Action] {
    defer { actions = [] }
    return actions
  }

  private mutating func settle(_ now: Instant) -> [Action] {
    guard !isShutDown else { return take() }
    switch settings.policy {
    case .pickFirst: settlePickFirst(now)
    case .roundRobin: if isWanted { connectAll(now) }
    }
    return take()
  }

  private mutating func settlePickFirst(_ now: Instant) {
    if let selected = subchannels.firstIndex(where: { $0.connectivity == .ready }) {
      for index in subchannels.indices where index != selected { giveUp(index) }
      hasPassed = false
      next = 0
      soloUntil = nil
      return
    }
    guard isWanted, !subchannels.isEmpty else { return }
    if hasPassed { return connectAll(now) }
    while next < subchannels.count {
      let isBusy = subchannels.contains(where: \.isConnecting)
      if isBusy, let soloUntil, now < soloUntil { return }
      if connect(next, now) { soloUntil = now + settings.attemptDelay }
      next += 1
    }
    guard !subchannels.contains(where: \.isConnecting) else { return }
    hasPassed = true
    actions.append(.resolve)
    connectAll(now)
  }

  /// Connects to each address whose time has come.
  ///
  /// One whose connection was lost soon after it was made waits as if it had failed: a server that
  /// takes connections and drops them is not to be asked without a pause.
  private mutating func connectAll(_ now: Instant) {
    for index in subchannels.indices {
      if subchannels[index].state == .idle, let retryAt = subchannels[index].retryAt,
        retryAt > now
      {
        continue
      }
      connect(index, now)
    }
  }

  @discardableResult
  private mutating func connect(_ index: Int, _ now: Instant) -> Bool {
    let wait = settings.backoff.delay(
      after: subchannels[index].failures,
      random: settings.random()
    )
    guard subchannels[index].connect(attempt: attempts, now: now, wait: wait) else { return false }
    actions.append(
      .connect(
        attempt: attempts,
        subchannels[index].address,
        timeout: max(wait, settings.connectTimeout)
      )
    )
    attempts += 1
    return true
  }

  private mutating func giveUp(_ index: Int) {
    guard let attempt = subchannels[index].attempt else { return }
    actions.append(
      subchannels[index].isConnecting ? .close(attempt: attempt) : .retire(attempt: attempt)
    )
    subchannels[index].giveUp()
  }
}
