import CLibpq

/// One round trip: statements that succeed or fail together, answered once.
///
/// Waiting → in flight → completed. A cancelled or expired job is completed at once; if it was in
/// flight it stays there, abandoned, until the server has answered.
// @unchecked Sendable: callers only make jobs and post them; every `var` belongs to the reactor's
// thread.
final class Job: @unchecked Sendable {
  enum Role {
    /// Settings of a new connection.
    case setUp
    /// A statement on a shared connection.
    case read
    case begin, statement, commit, rollback
  }

  enum Payload {
    /// In pipeline mode, with one synchronisation point behind the last.
    case statements([SQL])
    /// Several statements in the simple protocol: only for migrations.
    case script(String)
    case copy(String, [UInt8])
  }

  typealias Outcome = Result<ResultSet, StoreError>

  let role: Role
  let payload: Payload
  /// The transaction it belongs to; `nil` on shared connections.
  let lease: Lease?

  /// When it is given up; `nil` for never.
  var expiry: ContinuousClock.Instant?
  /// Until when it waits for a database that cannot be reached.
  var patience: ContinuousClock.Instant?
  var continuation: CheckedContinuation<Outcome, Never>?
  var isReceived = false
  /// Nobody waits for the answer any more.
  var isAbandoned = false
  var isCancelSent = false
  var attempts = 0
  /// The connection on which it is queued or in flight.
  var connection: Connection?
  /// What this job prepares, in order, before its statements.
  var prepares: [Preparation] = []
  /// The prepared statements that it uses.
  var uses: [Preparation] = []

  /// How many answers were not errors, those of its preparations first.
  private(set) var succeeded = 0
  private var result: ResultSet?
  private(set) var failure: ResultSet?

  init(
    _ role: Role,
    _ payload: Payload,
    lease: Lease? = nil,
    expiry: ContinuousClock.Instant? = nil
  ) {
    self.role = role
    self.payload = payload
    self.lease = lease
    self.expiry = expiry
  }

  /// What the answers so far amount to.
  var outcome: Outcome {
    if let failure { return .failure(failure.error) }
    guard let result else { return .failure(.unavailable("no answer")) }
    return .success(result)
  }

  /// Takes one answer of the server.
  func receive(_ answer: ResultSet) {
    switch answer.status {
    case PGRES_FATAL_ERROR:
      if failure == nil { failure = answer }
    case PGRES_PIPELINE_ABORTED:
      break
    default:
      succeeded += 1
      result = answer
    }
  }

  /// Resumes the caller, once.
  func complete(_ outcome: Outcome) {
    continuation?.resume(returning: outcome)
    continuation = nil
    connection = nil
  }

  /// Forgets the answers, to be sent again.
  func reset() {
    attempts += 1
    connection = nil
    prepares = []
    uses = []
    succeeded = 0
    result = nil
    failure = nil
  }
}

/// A statement that a connection has prepared, or is about to.
struct Preparation {
  let text: String
  let name: String
}

/// A transaction's hold on a connection.
// @unchecked Sendable: callers only pass it on; its content belongs to the reactor's thread.
final class Lease: @unchecked Sendable {
  /// `nil` before BEGIN, after the end, and when the connection was lost.
  var connection: Connection?
  /// COMMIT or ROLLBACK is on its way or done: nothing may follow it.
  var isOver = false
}
