import CLibpq
import Glibc
import Logging
import Synchronization

/// The thread that owns all connections of a database and waits for them in `poll`.
///
/// Callers post commands into a mailbox; the thread takes all of them at once, so that what was
/// posted while it was busy leaves together. Only this thread calls libpq, but for cancelling.
// @unchecked Sendable: the mailbox is guarded by its mutex, all other state belongs to the thread.
final class Reactor: @unchecked Sendable {
  enum Command {
    case submit(Job, CheckedContinuation<Job.Outcome, Never>)
    case cancel(Job)
    case shutdown(CheckedContinuation<Void, Never>?)
  }

  private struct Mailbox {
    var commands: [Command] = []
    var isClosed = false
  }

  let configuration: DatabaseConfiguration
  let logger: Logger
  private let mailbox = Mutex(Mailbox())
  private let wakeUp = WakeUp()

  var shared: [Connection] = []
  var exclusive: [Connection] = []
  var idle: [Connection] = []
  /// Reads without a connection, in order.
  var waiting: [Job] = []
  /// Transactions without a connection, in order.
  var beginners: [Job] = []
  /// Nothing expires before this.
  var nextExpiry: ContinuousClock.Instant?
  /// Failed attempts to connect since the last that succeeded.
  var failures = 0
  var retryAt: ContinuousClock.Instant?
  var lastError = "no connection yet"

  private var stopBy: ContinuousClock.Instant?
  private var stopped: [CheckedContinuation<Void, Never>] = []
  private var descriptors: [pollfd] = []

  init(_ configuration: DatabaseConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
    let isRunning = wakeUp != nil && Thread.start { self.run() }
    if !isRunning {
      logger.critical("no thread for the database")
      mailbox.withLock { $0.isClosed = true }
    }
  }

  /// Runs a job and waits for its answer, at most until the calling task is cancelled.
  func run(_ job: Job, isCancellable: Bool = true) async throws(StoreError) -> ResultSet {
    if case .statements(let statements) = job.payload {
      for statement in statements { try statement.validate() }
    }
    guard isCancellable else {
      return try await withCheckedContinuation { post(.submit(job, $0)) }.get()
    }
    if Task.isCancelled { throw .cancelled }
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { post(.submit(job, $0)) }
    } onCancel: {
      post(.cancel(job))
    }.get()
  }

  func post(_ command: Command) {
    let (isClosed, isFirst) = mailbox.withLock { mailbox in
      if mailbox.isClosed { return (true, false) }
      mailbox.commands.append(command)
      return (false, mailbox.commands.count == 1)
    }
    if isClosed { return refuse(command) }
    // The thread empties the mailbox whenever it wakes: one signal is enough.
    if isFirst { wakeUp?.signal() }
  }

  private func refuse(_ command: Command) {
    switch command {
    case .submit(_, let continuation):
      continuation.resume(returning: .failure(.unavailable("shut down")))
    case .cancel: break
    case .shutdown(let continuation): continuation?.resume()
    }
  }

  private func run() {
    while true {
      receive()
      let now = ContinuousClock.now
      expire(now)
      serve(now)
      for connection in shared + exclusive where connection.hasUnsent { connection.flush() }
      bury()
      if isFinished(now) { return finish() }
      wait(now)
    }
  }

  private func receive() {
    for command in mailbox.withLock({ mailbox in
      defer { mailbox.commands = [] }
      return mailbox.commands
    }) {
      switch command {
      case .submit(let job, let continuation):
        job.continuation = continuation
        admit(job)
      case .cancel(let job):
        // Before its job has come, a cancellation only leaves a mark.
        guard job.isReceived else {
          job.isAbandoned = true
          continue
        }
        abandon(job, .cancelled)
      case .shutdown(let continuation):
        if let continuation { stopped.append(continuation) }
        stopBy = stopBy ?? .now + configuration.statementTimeout
      }
    }
  }

  private func admit(_ job: Job) {
    let now = ContinuousClock.now
    job.isReceived = true
    job.patience = now + configuration.patience
    if job.isAbandoned { return job.complete(.failure(.cancelled)) }
    switch job.role {
    case .read, .begin:
      if stopBy != nil { return job.complete(.failure(.unavailable("shutting down"))) }
      guard waiting.count + beginners.count < configuration.queueLimit else {
        return job.complete(.failure(.overloaded))
      }
      if job.role == .read { waiting.append(job) } else { beginners.append(job) }
      noteExpiry(job.patience)
    case .setUp, .statement, .commit, .rollback:
      guard let lease = job.lease, !lease.isOver else {
        return job.complete(.failure(.transactionEnded))
      }
      lease.isOver = job.role == .commit || job.role == .rollback
      guard let connection = lease.connection else {
        return job.complete(.failure(.unavailable("the connection was lost")))
      }
      connection.enqueue(job)
    }
    noteExpiry(job.expiry)
  }

  /// Waits for sockets, the mailbox, or the next thing that is due.
  private func wait(_ now: ContinuousClock.Instant) {
    let connections = shared + exclusive
    descriptors.removeAll(keepingCapacity: true)
    descriptors.append(pollfd(fd: wakeUp?.descriptor ?? -1, events: Int16(POLLIN), revents: 0))
    for connection in connections {
      let read = connection.wantsToRead ? Int16(POLLIN) : 0
      let write = connection.wantsToWrite ? Int16(POLLOUT) : 0
      descriptors.append(pollfd(fd: connection.socket, events: read | write, revents: 0))
    }
    var timeout: Int32 = -1
    if let due = nextDue(connections) {
      let left = (due - now).components
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
      timeout = Int32(clamping: max(0, milliseconds))
    }
    // Errors (EINTR) look like a poll without events.
    guard unsafe poll(&descriptors, nfds_t(descriptors.count), timeout) > 0 else { return }
    if descriptors[0].revents != 0 { wakeUp?.clear() }
    for (connection, descriptor) in zip(connections, descriptors.dropFirst())
    where descriptor.revents != 0 {
      for job in connection.service(setUp: makeSetUp(connection)) { settle(job, on: connection) }
      aimCancel(at: connection)
    }
    bury()
  }

  private func nextDue(_ connections: [Connection]) -> ContinuousClock.Instant? {
    var due = [nextExpiry, stopBy].compactMap { $0 }
    due += connections.lazy.filter(\.isOpening).map(\.connectBy)
    if let retryAt, !waiting.isEmpty || !beginners.isEmpty { due.append(retryAt) }
    return due.min()
  }

  /// Whether a shutdown was asked for and nothing is left to wait for.
  private func isFinished(_ now: ContinuousClock.Instant) -> Bool {
    guard let stopBy else { return false }
    if now >= stopBy { return true }
    return waiting.isEmpty && beginners.isEmpty && shared.allSatisfy(\.inFlight.isEmpty)
      && exclusive.allSatisfy { $0.lease == nil }
  }

  private func finish() {
    let rest = mailbox.withLock { mailbox in
      mailbox.isClosed = true
      return mailbox.commands
    }
    for job in waiting + beginners { job.complete(.failure(.unavailable("shut down"))) }
    for connection in shared + exclusive { connection.lose("shut down") }
    bury()
    for command in rest { refuse(command) }
    for continuation in stopped { continuation.resume() }
  }
}
