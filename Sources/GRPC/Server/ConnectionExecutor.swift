import NIOCore

/// Runs the jobs of a connection's handlers on the connection's event loop, a batch at a time.
///
/// Jobs that a read cycle makes ready run at its end, before the loop turns to anything else, so
/// that their answers leave in one write.
///
/// `@unchecked Sendable`: `ready` and `isScheduled` are touched on `eventLoop` only.
final class ConnectionExecutor: TaskExecutor, @unchecked Sendable {
  private let eventLoop: any EventLoop
  private var ready: [UnownedJob] = []
  private var spare: [UnownedJob] = []
  private var isScheduled = false

  /// Called on the loop around each batch.
  private var batch: (@Sendable (_ run: () -> Void) -> Void)?

  init(eventLoop: any EventLoop, batch: @escaping @Sendable (_ run: () -> Void) -> Void) {
    self.eventLoop = eventLoop
    self.batch = batch
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if eventLoop.inEventLoop {
      append(job)
    } else {
      eventLoop.execute { self.append(job) }
    }
  }

  private func append(_ job: UnownedJob) {
    ready.append(job)
    guard !isScheduled else { return }
    schedule()
  }

  private func schedule() {
    isScheduled = true
    eventLoop.execute {
      self.isScheduled = false
      if let batch = self.batch { batch { self.runReady() } } else { self.runReady() }
    }
  }

  /// Forgets what is called around each batch; what still becomes ready is run all the same.
  func detach() {
    batch = nil
  }

  /// Keeps what becomes ready until `release`, which the caller promises.
  func hold() {
    isScheduled = true
  }

  /// Runs what became ready since `hold`.
  func release() {
    runReady()
    isScheduled = false
    if !ready.isEmpty { schedule() }
  }

  /// Runs the jobs that are ready now; those that they make ready wait for the next turn, so that
  /// a handler which never waits for anything does not keep the loop.
  private func runReady() {
    guard !ready.isEmpty else { return }
    swap(&ready, &spare)
    for job in spare {
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
    spare.removeAll(keepingCapacity: true)
  }
}
