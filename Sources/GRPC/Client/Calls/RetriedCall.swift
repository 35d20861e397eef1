import Synchronization

/// A call that can be made again: keeps what was sent until somebody has seen a part of the
/// response, or it becomes too much.
///
/// Calls with streams go through it, and those whose method has a retry policy. A retry policy or
/// not, a call that no server has looked at is made again (gRFC A6, "Transparent Retries").
final class RetriedCall: Sendable {
  private let channel: ClientChannel
  private let plan: CallPlan
  private let takesOneMessage: Bool
  private let state: Mutex<State>

  private struct State {
    var messages: [WireMessage]
    var byteCount: Int
    var isHalfClosed: Bool
    var isCommitted: Bool
    var attempt: ClientStream?
    var isOver = false
    /// Why this end gave up.
    var failure: RPCError?
    /// Writers that wait for an attempt.
    var writers: [CheckedContinuation<Void, Never>] = []
  }

  /// A call whose only request is `sole`; `nil`: they come by `write`.
  init(
    _ channel: ClientChannel,
    _ plan: CallPlan,
    sole: WireMessage? = nil,
    takesOneMessage: Bool
  ) {
    self.channel = channel
    self.plan = plan
    self.takesOneMessage = takesOneMessage
    let count = sole?.bytes.count ?? 0
    state = Mutex(
      State(
        messages: sole.map { [$0] } ?? [],
        byteCount: count,
        isHalfClosed: sole != nil,
        isCommitted: count > channel.configuration.retryBufferBytes
      )
    )
  }

  /// Makes the call until an attempt has brought headers or ended well.
  ///
  /// - Returns: that attempt: what it brings is the call's answer.
  /// - Throws: the call's status.
  func open() async throws -> ClientStream {
    do {
      let stream = try await attempt()
      commit()
      return stream
    } catch {
      end()
      throw state.withLock { $0.failure } ?? error
    }
  }

  private func attempt() async throws -> ClientStream {
    var retries = RetryState(plan.retryPolicy)
    while true {
      var reach = ClientStream.Reach.server
      let failure: RPCError
      do {
        let stream = ClientStream(
          try await channel.connection(for: plan),
          plan,
          takesOneMessage: takesOneMessage
        )
        stream.previousAttempts = retries.attempts - 1
        begin(stream)
        do {
          _ = try await stream.read(.verdict)
          return stream
        } catch {
          reach = stream.reach
          throw error
        }
      } catch {
        failure = RPCError(answering: error)
      }
      let wait = retries.wait(
        after: failure,
        reach,
        isCommitted: leaveAttempt(),
        throttle: channel.throttle,
        random: .random(in: -1...1)
      )
      guard let wait else { throw failure }
      try await sleep(wait)
    }
  }

  /// Waits, but not beyond the deadline.
  private func sleep(_ wait: Duration) async throws {
    guard wait > .zero else { return try Task.checkCancellation() }
    let end = ContinuousClock.now + wait
    let isLate = plan.deadline.map { $0 <= end } ?? false
    do {
      try await Task.sleep(until: isLate ? plan.deadline ?? end : end)
    } catch {
      throw RPCError(answering: error)
    }
    if isLate { throw RPCError.deadlinePassed }
  }

  private func begin(_ stream: ClientStream) {
    let writers = state.withLock { state in
      stream.messages = state.messages
      stream.isComplete = state.isHalfClosed
      state.attempt = stream
      if state.isCommitted { state.messages = [] }
      // Within the lock, so that no writer can be ahead of what was written before.
      stream.begin()
      defer { state.writers = [] }
      return state.writers
    }
    for writer in writers { writer.resume() }
  }

  /// Writers keep what they write from here on, for the next attempt.
  ///
  /// - Returns: whether there can be none.
  private func leaveAttempt() -> Bool {
    state.withLock { state in
      state.attempt = nil
      return state.isCommitted
    }
  }

  private func commit() {
    state.withLock { state in
      state.isCommitted = true
      state.messages = []
    }
  }

  private func end() {
    let writers = state.withLock { state in
      state.isOver = true
      state.messages = []
      defer { state.writers = [] }
      return state.writers
    }
    for writer in writers { writer.resume() }
  }
}

// Writing.
extension RetriedCall {
  /// Sends a message, and waits while the server has not taken enough of those before.
  ///
  /// - Throws: `RPCError` when the call is over; how it ended, `open` and its attempt tell. One
  ///   over the limit ends it with `RESOURCE_EXHAUSTED`.
  func write(_ bytes: [UInt8], compress: Bool) async throws {
    let message: WireMessage
    do {
      message = try await plan.sealed(bytes, compress: compress)
    } catch {
      fail(error)
      throw error
    }
    try await write(message)
  }

  func write(_ message: WireMessage) async throws {
    let step = try state.withLock { state in
      guard !state.isOver else { throw RPCError(.cancelled, "the call is over") }
      guard !state.isHalfClosed else {
        throw RPCError(.internalError, "a message was written after the last")
      }
      return take(message, &state)
    }
    switch step {
    case .keep: break
    case .wait: try await waitForAttempt()
    case .send(let attempt, let isKept):
      do {
        try await attempt.writeNext(message)
      } catch {
        // One that is kept goes with the next attempt, if there is one.
        guard isKept else { throw error }
      }
    }
  }

  private enum Step {
    case keep
    case wait
    case send(ClientStream, isKept: Bool)
  }

  private func take(_ message: WireMessage, _ state: inout State) -> Step {
    if !state.isCommitted || state.attempt == nil {
      state.messages.append(message)
      state.byteCount += message.bytes.count
      if state.byteCount > channel.configuration.retryBufferBytes { state.isCommitted = true }
    }
    guard let attempt = state.attempt else {
      let isFull = state.byteCount > channel.configuration.writeBufferBytes
      return state.isCommitted || isFull ? .wait : .keep
    }
    if state.isCommitted { state.messages = [] }
    return .send(attempt, isKept: !state.isCommitted)
  }

  private func waitForAttempt() async throws {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.isOver || state.attempt != nil { return true }
        state.writers.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
    if state.withLock({ $0.isOver }) { throw RPCError(.cancelled, "the call is over") }
  }

  private func fail(_ error: RPCError) {
    let attempt = state.withLock { state in
      state.failure = error
      return state.attempt
    }
    guard let attempt else { return }
    attempt.connection.onLoop { attempt.failed(error) }
  }

  /// No more messages come.
  func halfClose() {
    let attempt = state.withLock { state in
      state.isHalfClosed = true
      return state.attempt
    }
    attempt?.halfClose()
  }
}
