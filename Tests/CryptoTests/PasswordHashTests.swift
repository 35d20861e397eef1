import Crypto
import Dispatch
import Synchronization
import Testing

@Suite("Passwords")
struct PasswordHashTests {
  @Test func `takes the password it was made of and no other`() async throws {
    let hash = try await PasswordHash.make("Học bạ số 1")
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(await PasswordHash.verify("Học bạ số 1", against: hash))
    #expect(await !PasswordHash.verify("Học bạ số 2", against: hash))
    #expect(await !PasswordHash.verify("", against: hash))
  }

  @Test func `gives a password another hash each time`() async throws {
    #expect(try await PasswordHash.make("x") != PasswordHash.make("x"))
  }

  @Test func `refuses a password beyond the limit`() async throws {
    let long = String(repeating: "x", count: PasswordHash.maximumLength + 1)
    await #expect(throws: CryptoError.tooLarge(limit: PasswordHash.maximumLength)) {
      try await PasswordHash.make(long)
    }
    let hash = try await PasswordHash.make("x")
    #expect(await !PasswordHash.verify(long, against: hash))
  }

  @Test(arguments: [
    "", "x", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA",
    "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
  ])
  func `matches nothing against what is not a hash of ours`(hash: String) async {
    #expect(await !PasswordHash.verify("x", against: hash))
  }

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

  @Test func `hashing leaves the loop of its call to others`() async throws {
    let loop = Loop()
    let order = Order()
    let hashing = Task(executorPreference: loop) {
      let hash = try await PasswordHash.make("a password of some length")
      #expect(await PasswordHash.verify("a password of some length", against: hash))
      order.append("hash")
    }
    await Task(executorPreference: loop) { order.append("other") }.value
    try await hashing.value
    #expect(order.lines == ["other", "hash"])
  }
}
