/// From a job's arrival to its answer.
extension Reactor {
  /// Gives waiting jobs to connections, and opens connections that are missing.
  func serve(_ now: ContinuousClock.Instant) {
    serveReads()
    serveTransactions()
    if let retryAt, now < retryAt { return }
    retryAt = nil
    // One at a time: the second shared connection is worth its start only when the first is busy.
    let isBusy = !shared.isEmpty && shared.allSatisfy { !$0.isOpening && !$0.inFlight.isEmpty }
    if shared.count < configuration.sharedConnections, !shared.contains(where: \.isOpening),
      !waiting.isEmpty || isBusy
    {
      open(isShared: true, now)
    }
    var missing = beginners.count - exclusive.count(where: \.isOpening)
    while missing > 0, exclusive.count < configuration.exclusiveConnections, retryAt == nil {
      open(isShared: false, now)
      missing -= 1
    }
  }

  /// The first job of a connection: what holds for the whole session.
  func makeSetUp(_ connection: Connection) -> Job {
    var settings = [
      ("statement_timeout", "\(configuration.statementTimeout.milliseconds)"),
      // Times travel as text, so their form must not depend on the server's configuration.
      ("TimeZone", "UTC"), ("DateStyle", "ISO"),
    ]
    if connection.isShared {
      settings.append(("default_transaction_read_only", "on"))
    } else {
      // A body that hangs must not hold its locks for ever.
      settings.append(("idle_in_transaction_session_timeout", "\(Self.idleMilliseconds)"))
    }
    let statement = SQL(settings: settings, local: false)
    return Job(.setUp, .statements(statement.map { [$0] } ?? []))
  }

  /// Answers the caller now; the server's answer is awaited all the same, and hurried.
  func abandon(_ job: Job, _ reason: StoreError) {
    guard job.continuation != nil else { return }
    let connection = job.connection
    waiting.removeAll { $0 === job }
    beginners.removeAll { $0 === job }
    job.complete(.failure(reason))
    guard let connection else { return }
    job.isAbandoned = true
    if let index = connection.pending.firstIndex(where: { $0 === job }) {
      connection.pending.remove(at: index)
    }
    job.expiry = nil
    aimCancel(at: connection)
  }

  /// Cancels the statement that runs, if nobody waits for it any more.
  func aimCancel(at connection: Connection) {
    guard let head = connection.inFlight.first, head.isAbandoned, !head.isCancelSent else { return }
    head.isCancelSent = true
    head.expiry = .now + Self.abandonedLimit
    noteExpiry(head.expiry)
    connection.cancelAimed = .now
    connection.makeCancelRequest()?.send()
  }

  /// Deals with an answered job.
  func settle(_ job: Job, on connection: Connection) {
    switch job.role {
    case .setUp:
      guard case .success = job.outcome else {
        return connection.lose("\(job.outcome)")
      }
      guard connection.state == .settingUp else { return }
      connection.state = .ready
      connection.hasBeenReady = true
      failures = 0
      if !connection.isShared { idle.append(connection) }
    case .read:
      if isWorthAnotherTry(job, on: connection) {
        job.reset()
        waiting.insert(job, at: 0)
      } else {
        job.complete(job.outcome)
      }
    case .begin:
      guard !job.isAbandoned, case .success = job.outcome else {
        // Whether the transaction has begun is not worth finding out.
        connection.lose("BEGIN failed")
        return job.complete(job.outcome)
      }
      job.complete(job.outcome)
    case .statement:
      job.complete(outcome(job, on: connection))
    case .commit, .rollback:
      release(connection)
      job.complete(job.outcome)
    }
  }

  /// Whether a failed read failed for a reason that is not its own.
  private func isWorthAnotherTry(_ job: Job, on connection: Connection) -> Bool {
    guard let failure = job.failure, !job.isAbandoned else { return false }
    if failure.isStale {
      connection.forget(job.uses)
      return job.attempts == 0
    }
    // A cancel request meant for a neighbour may hit this one.
    guard failure.sqlState == "57014", let aimed = connection.cancelAimed else { return false }
    return job.attempts < Self.retryLimit && .now - aimed < Self.cancelReach
  }

  private func outcome(_ job: Job, on connection: Connection) -> Job.Outcome {
    guard let failure = job.failure, failure.isStale else { return job.outcome }
    // This transaction is lost, but the next one will prepare anew.
    connection.forget(job.uses)
    return .failure(.serialization(sqlState: failure.sqlState))
  }

  private func serveReads() {
    var served = 0
    for job in waiting {
      var best: Connection?
      for connection in shared
      where connection.state == .ready && connection.inFlight.count < Self.pipelineLimit {
        if connection.inFlight.count < best?.inFlight.count ?? .max { best = connection }
      }
      guard let best else { break }
      best.enqueue(job)
      served += 1
    }
    waiting.removeFirst(served)
  }

  private func serveTransactions() {
    while let job = beginners.first, let connection = idle.popLast() {
      beginners.removeFirst()
      guard let lease = job.lease else { continue }
      lease.connection = connection
      connection.lease = lease
      connection.enqueue(job)
    }
  }

  /// Limit of statements in one pipeline: enough to fill a flush, few enough to wait for.
  private static var pipelineLimit: Int { 256 }
  /// How often a read is sent again after cancel requests that were meant for others.
  private static var retryLimit: Int { 3 }
  /// How long a cancel request may still be on its way.
  private static var cancelReach: Duration { .seconds(10) }
  /// How long the server may take to heed a cancel request before the connection is given up.
  private static var abandonedLimit: Duration { .seconds(5) }
  /// The same minute for all: no body of ours waits for anything slower than another RPC.
  private static var idleMilliseconds: Int { 60_000 }
}
