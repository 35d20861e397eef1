import Logging

/// Opening, returning and losing connections; and what is late.
extension Reactor {
  func open(isShared: Bool, _ now: ContinuousClock.Instant) {
    let connection = Connection(
      configuration.connection,
      isShared: isShared,
      connectBy: now + configuration.patience
    )
    guard let connection else { return backOff("out of memory") }
    if isShared { shared.append(connection) } else { exclusive.append(connection) }
    // Refused at once (a missing socket, a malformed conninfo): the backoff holds from here.
    bury()
  }

  /// Returns a connection after COMMIT or ROLLBACK.
  func release(_ connection: Connection) {
    connection.lease?.connection = nil
    connection.lease = nil
    if connection.isReusable {
      idle.append(connection)
    } else {
      connection.lose("not reusable")
    }
  }

  /// Removes lost connections and answers their jobs.
  func bury() {
    for connection in shared + exclusive {
      guard case .lost(let reason) = connection.state else { continue }
      shared.removeAll { $0 === connection }
      exclusive.removeAll { $0 === connection }
      idle.removeAll { $0 === connection }
      connection.lease?.connection = nil
      connection.lease = nil
      for job in connection.inFlight {
        switch (job.role, job.failure) {
        case (.commit, _): job.complete(.failure(.commitUnknown))
        case (_, .some): job.complete(job.outcome)
        case (_, nil): job.complete(.failure(.unavailable(reason)))
        }
      }
      if !connection.hasBeenReady { backOff(reason) }
      for job in connection.pending { job.complete(.failure(.unavailable(reason))) }
      connection.inFlight = []
      connection.pending = []
    }
  }

  /// Remembers that something has to be looked at then.
  func noteExpiry(_ instant: ContinuousClock.Instant?) {
    guard let instant else { return }
    nextExpiry = min(nextExpiry ?? instant, instant)
  }

  /// Gives up what is late.
  func expire(_ now: ContinuousClock.Instant) {
    for connection in shared + exclusive where connection.isOpening && now >= connection.connectBy {
      connection.lose("no connection within \(configuration.patience)")
    }
    bury()
    guard let next = nextExpiry, now >= next else { return }
    nextExpiry = nil
    expireWaiting(waiting, isReachable: shared.contains { $0.state == .ready }, now)
    expireWaiting(beginners, isReachable: exclusive.contains { $0.state == .ready }, now)
    for connection in shared + exclusive {
      for job in connection.inFlight + connection.pending {
        guard let expiry = job.expiry, now >= expiry else {
          noteExpiry(job.expiry)
          continue
        }
        if job.isAbandoned || job.role == .commit || job.role == .rollback {
          // The server owes this answer; without it nothing behind it can be matched.
          connection.lose("no answer")
        } else {
          abandon(job, .timeout)
        }
      }
    }
    bury()
  }

  private func expireWaiting(_ jobs: [Job], isReachable: Bool, _ now: ContinuousClock.Instant) {
    for job in jobs {
      if let expiry = job.expiry, now >= expiry {
        abandon(job, .timeout)
      } else if let patience = job.patience, now >= patience, !isReachable {
        abandon(job, .unavailable(lastError))
      } else {
        noteExpiry(job.expiry)
        // While others hold all connections, being unreachable is looked at once a second.
        if let patience = job.patience { noteExpiry(max(patience, now + .seconds(1))) }
      }
    }
  }

  /// Waits longer after each failed attempt: 50 ms doubled up to three seconds.
  private func backOff(_ reason: String) {
    logger.warning("cannot connect to the database", metadata: ["reason": "\(reason)"])
    lastError = reason
    retryAt = .now + .milliseconds(min(50 << min(failures, 6), 3000))
    failures += 1
  }
}

extension Duration {
  /// Whole milliseconds, at least one.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    return max(1, Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }
}
