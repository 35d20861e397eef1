import Dispatch
import Synchronization
import Testing

@testable import ServiceKit

/// One thread for all jobs, as an event loop has it.
private final class Loop: TaskExecutor {
  private let queue = DispatchQueue(label: "loop")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// What happened, in order.
private final class Order: Sendable {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }

  func append(_ line: String) { kept.withLock { $0.append(line) } }
}

@Suite struct LongWorkTests {
  @Test func `long work leaves the loop of its call to others`() async throws {
    let loop = Loop()
    let order = Order()
    let gate = DispatchSemaphore(value: 0)
    let long = Task(executorPreference: loop) {
      await LongWork.run {
        _ = gate.wait(timeout: .now() + 10)
        order.append("long")
      }
    }
    await Task(executorPreference: loop) { order.append("other") }.value
    gate.signal()
    await long.value
    #expect(order.lines == ["other", "long"])
  }

  @Test func `what long work throws comes out`() async {
    struct Oddity: Error {}
    await #expect(throws: Oddity.self) { try await LongWork.run { throw Oddity() } }
  }
}
