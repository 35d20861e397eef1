import NIOCore
import Synchronization

/// The connections of a client: performs what `Balancer` decides, and gives each call its
/// connection.
///
/// Events come from event loops, tasks and callers; each is decided under one lock, and what
/// follows from it is done after. Connections, timers and tasks hold the channel until `shutdown`:
/// a weak reference to what every call retains would make each of those slower.
final class ClientChannel: Sendable {
  typealias Instant = ContinuousClock.Instant

  let configuration: ClientConfiguration
  let throttle: RetryThrottle?
  private let target: Target
  private let transport: ClientTransport
  private let group: any EventLoopGroup
  /// Where the timers are.
  private let eventLoop: any EventLoop
  private let state: Mutex<State>

  private struct State {
    var balancer: Balancer
    var schedule: ResolutionSchedule
    var picker = Balancer.Picker.idle
    /// Those of `picker`, for the next call.
    var ready: [ClientConnection] = []
    var turn = 0
    /// By the number of the attempt; those that drain, too.
    var connections: [Int: ClientConnection] = [:]
    var watches: [Int: Task<Void, Never>] = [:]
    var waiting: [Int: Waiting] = [:]
    var waitingCount = 0
    var resolution: Task<Void, Never>?
    var timer: (at: Instant, task: Scheduled<Void>)?
    var isClosed = false
  }

  /// A call that waits for a connection.
  private struct Waiting {
    let continuation: CheckedContinuation<ClientConnection, any Error>
    let waitForReady: Bool
    var timer: Scheduled<Void>?
  }

  /// What is left to be done when the lock is free.
  private struct Effects {
    var connects: [(ClientConnection, Duration)] = []
    var closes: [ClientConnection] = []
    var drains: [ClientConnection] = []
    var answers: [(Waiting, Result<ClientConnection, any Error>)] = []
  }

  init(
    _ target: Target,
    over transport: ClientTransport,
    configuration: ClientConfiguration,
    group: any EventLoopGroup
  ) {
    self.target = target
    self.transport = transport
    self.configuration = configuration
    self.group = group
    eventLoop = group.next()
    let service = configuration.serviceConfig
    throttle = service.retryThrottling.map { RetryThrottle($0) }
    let settings = Balancer.Settings(
      policy: service.loadBalancing,
      backoff: configuration.backoff,
      connectTimeout: configuration.connectTimeout,
      checksHealth: service.healthCheckedService != nil
    )
    state = Mutex(
      State(
        balancer: Balancer(settings),
        schedule: ResolutionSchedule(
          interval: configuration.resolutionInterval,
          backoff: configuration.backoff,
          random: settings.random
        )
      )
    )
  }

  var connectivity: Connectivity { state.withLock { $0.balancer.connectivity } }

  /// Closes all connections and ends their calls.
  ///
  /// - Returns: what is complete when they are closed.
  func shutdown() -> [EventLoopFuture<Void>] {
    let (connections, waiting) = state.withLock { state in
      state.isClosed = true
      state.balancer.shutDown()
      state.timer?.task.cancel()
      state.timer = nil
      state.resolution?.cancel()
      state.resolution = nil
      for watch in state.watches.values { watch.cancel() }
      defer {
        state.ready = []
        state.waiting = [:]
        state.watches = [:]
      }
      return (Array(state.connections.values), Array(state.waiting.values))
    }
    for waiting in waiting {
      waiting.timer?.cancel()
      waiting.continuation.resume(throwing: RPCError(.cancelled, "the client was closed"))
    }
    return connections.map { $0.shutdown() }
  }

  /// Decides what an event means, and does it.
  private func update(_ event: (inout Balancer, Instant) -> [Balancer.Action]) {
    let effects = state.withLock { state in
      var effects = Effects()
      guard !state.isClosed else { return effects }
      let now = Instant.now
      perform(event(&state.balancer, now), &state, &effects)
      if state.schedule.start(now: now) { state.resolution = resolve() }
      refresh(&state, &effects)
      schedule(&state, now)
      return effects
    }
    for (connection, timeout) in effects.connects { connection.connect(timeout: timeout) }
    for connection in effects.closes {
      // It has no calls, so that nobody waits for its end.
      _ = connection.shutdown()
    }
    for connection in effects.drains { connection.onLoop { connection.drain() } }
    for (waiting, result) in effects.answers {
      waiting.timer?.cancel()
      waiting.continuation.resume(with: result)
    }
  }

  private func perform(
    _ actions: [Balancer.Action],
    _ state: inout State,
    _ effects: inout Effects
  ) {
    for action in actions {
      switch action {
      case .connect(let attempt, let address, let timeout):
        guard let connection = connection(attempt, address) else { continue }
        state.connections[attempt] = connection
        effects.connects.append((connection, timeout))
      case .close(let attempt):
        if let connection = state.connections[attempt] { effects.closes.append(connection) }
      case .retire(let attempt):
        state.watches.removeValue(forKey: attempt)?.cancel()
        if let connection = state.connections[attempt] { effects.drains.append(connection) }
      case .watch(let attempt):
        if let connection = state.connections[attempt] {
          state.watches[attempt] = watch(attempt, connection)
        }
      case .resolve:
        state.schedule.request()
      }
    }
  }

  /// A connection that is not connected; `nil` if there is no memory for one, and then the
  /// attempt fails at its time.
  private func connection(_ attempt: Int, _ address: SocketAddress) -> ClientConnection? {
    try? ClientConnection(
      address: address,
      of: target,
      over: transport,
      configuration: configuration,
      eventLoop: group.next()
    ) { _, event in
      self.heard(event, attempt)
    }
  }

  private func heard(_ event: ClientConnection.Event, _ attempt: Int) {
    switch event {
    case .ready:
      update { $0.connected(attempt, now: $1) }
    case .retired(let error):
      state.withLock { $0.watches.removeValue(forKey: attempt) }?.cancel()
      update { $0.ended(attempt, error, now: $1) }
    case .ended:
      state.withLock { state in _ = state.connections.removeValue(forKey: attempt) }
    }
  }

  private func refresh(_ state: inout State, _ effects: inout Effects) {
    let picker = state.balancer.picker
    if picker != state.picker {
      state.picker = picker
      state.ready = []
      if case .ready(let attempts) = picker {
        state.ready = attempts.compactMap { state.connections[$0] }
      }
    }
    guard !state.waiting.isEmpty else { return }
    // In the order in which they came.
    for id in state.waiting.keys.sorted() {
      guard let waiting = state.waiting[id] else { continue }
      let result: Result<ClientConnection, any Error>
      if let connection = ChannelTurn.next(of: state.ready, &state.turn) {
        result = .success(connection)
      } else if case .fail(let error) = picker, !waiting.waitForReady {
        result = .failure(error)
      } else {
        continue
      }
      state.waiting[id] = nil
      effects.answers.append((waiting, result))
    }
  }

  /// Sees to it that time passes for the balancer and the resolver.
  private func schedule(_ state: inout State, _ now: Instant) {
    let wakes = [state.balancer.nextWake, state.schedule.nextWake]
    guard let next = wakes.compactMap(\.self).min() else { return }
    if let timer = state.timer, timer.at <= next { return }
    state.timer?.task.cancel()
    let wait = TimeAmount(max(.zero, next - now))
    let task = eventLoop.scheduleTask(in: wait) { self.wake() }
    state.timer = (next, task)
  }

  private func wake() {
    state.withLock { $0.timer = nil }
    update { $0.wake(now: $1) }
  }

  /// Asks the resolver, in a task of its own.
  private func resolve() -> Task<Void, Never> {
    // Not on behalf of the call that happens to be the first.
    Task.detached { [resolver = target.resolver] in
      let result: Result<[SocketAddress], any Error>
      do {
        result = .success(try await resolver.addresses())
      } catch {
        result = .failure(error)
      }
      self.resolved(result)
    }
  }

  private func resolved(_ result: Result<[SocketAddress], any Error>) {
    state.withLock { state in
      if case .success = result {
        state.schedule.succeeded(now: .now)
      } else {
        state.schedule.failed(now: .now)
      }
    }
    update { balancer, now in
      switch result {
      case .success(let addresses): balancer.update(addresses, now: now)
      case .failure(let error): balancer.resolutionFailed("\(error)", now: now)
      }
    }
  }

  private func watch(_ attempt: Int, _ connection: ClientConnection) -> Task<Void, Never> {
    let service = configuration.serviceConfig.healthCheckedService ?? ""
    return Task.detached { [configuration] in
      await HealthWatch(service: service, connection: connection, configuration: configuration)
        .run { health in self.update { $0.report(attempt, health, now: $1) } }
    }
  }
}

/// The connections in turns.
private enum ChannelTurn {
  static func next(of ready: [ClientConnection], _ turn: inout Int) -> ClientConnection? {
    guard ready.count > 1 else { return ready.first }
    turn = (turn + 1) % ready.count
    return ready[turn]
  }
}

// For calls.
extension ClientChannel {
  /// The connection for a call; waits for it if there is none, and it is not known that there can
  /// be none.
  func connection(for plan: CallPlan) async throws -> ClientConnection {
    let ready: ClientConnection? = try state.withLock { state in
      if let connection = ChannelTurn.next(of: state.ready, &state.turn) { return connection }
      guard !state.isClosed else { throw RPCError(.unavailable, "the client was closed") }
      if case .fail(let error) = state.picker, !plan.waitForReady { throw error }
      return nil
    }
    if let ready { return ready }
    return try await wait(plan)
  }

  private func wait(_ plan: CallPlan) async throws -> ClientConnection {
    let id = state.withLock { state in
      state.waitingCount += 1
      return state.waitingCount
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enter(id, plan, continuation)
        update { $0.request(now: $1) }
      }
    } onCancel: {
      leave(id, RPCError(.cancelled, "the call was cancelled"))
    }
  }

  private func enter(
    _ id: Int,
    _ plan: CallPlan,
    _ continuation: CheckedContinuation<ClientConnection, any Error>
  ) {
    let refusal = state.withLock { state -> RPCError? in
      if state.isClosed { return RPCError(.unavailable, "the client was closed") }
      // From here on the handler of the cancellation finds the entry.
      if Task.isCancelled { return RPCError(.cancelled, "the call was cancelled") }
      let timer = plan.deadline.map { deadline in
        // A year is for ever here, and its nanoseconds are a number that the loop can take.
        let left = min(max(.zero, deadline - .now), .seconds(31_536_000))
        return eventLoop.scheduleTask(in: TimeAmount(left)) { self.leave(id, .deadlinePassed) }
      }
      state.waiting[id] = Waiting(
        continuation: continuation,
        waitForReady: plan.waitForReady,
        timer: timer
      )
      return nil
    }
    if let refusal { continuation.resume(throwing: refusal) }
  }

  private func leave(_ id: Int, _ error: RPCError) {
    guard let waiting = state.withLock({ $0.waiting.removeValue(forKey: id) }) else { return }
    waiting.timer?.cancel()
    waiting.continuation.resume(throwing: error)
  }
}
