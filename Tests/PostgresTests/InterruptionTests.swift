import Postgres
import Testing

/// Cancellation, deadlines and broken connections.
@Suite struct InterruptionTests {
  /// Whether the server still runs a statement with this mark in it.
  private func isRunning(_ mark: Int, _ database: Database) async throws -> Bool {
    try await database.first(
      """
      SELECT count(*) FROM pg_stat_activity
       WHERE state = 'active' AND pid <> pg_backend_pid()
         AND application_name = \("mark \(mark)")
      """
    ) as Int? != 0
  }

  /// Sleeps under the mark.
  private func sleep(_ mark: Int) -> SQL {
    "SELECT set_config('application_name', \("mark \(mark)"), true) || pg_sleep(600)"
  }

  private func until(_ expected: Bool, _ isTrue: () async throws -> Bool) async throws {
    for _ in 0..<3_000 {
      if try await isTrue() == expected { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("it stays \(!expected)")
  }

  @Test func `cancels the statement of a cancelled read`() async throws {
    try await withDatabase { database in
      let task = Task { await storeError { try await database.first(sleep(1)) as String? } }
      try await withDatabase { other in
        try await until(true) { try await isRunning(1, other) }
        task.cancel()
        #expect(await task.value == .cancelled)
        try await until(false) { try await isRunning(1, other) }
      }
      #expect(try await database.first("SELECT 1") == 1)
    }
  }

  @Test func `cancels only the cancelled one among pipelined reads`() async throws {
    try await withDatabase({ $0.sharedConnections = 1 }) { database in
      let mine = Task {
        await storeError { try await database.first("SELECT pg_sleep(600)") as String? }
      }
      try await Task.sleep(for: .milliseconds(100))
      let others = (0..<50).map { number in
        Task { try await database.first("SELECT \(number)::int FROM pg_sleep(0.01)") as Int? }
      }
      try await Task.sleep(for: .milliseconds(100))
      mine.cancel()
      #expect(await mine.value == .cancelled)
      for (number, other) in others.enumerated() { #expect(try await other.value == number) }
    }
  }

  @Test func `survives a storm of cancellations`() async throws {
    try await withDatabase { database in
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<400 {
          group.addTask {
            let task = Task {
              try await database.first("SELECT \(number)::int FROM pg_sleep(0.001)") as Int?
            }
            if number % 2 == 0 {
              try? await Task.sleep(for: .microseconds(Int.random(in: 0...50_000)))
              task.cancel()
            }
            switch await task.result {
            case .success(let answer): return answer == number
            case .failure(let error): return number % 2 == 0 && error as? StoreError == .cancelled
            }
          }
        }
        for await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test func `rolls a cancelled transaction back and goes on`() async throws {
    try await withDatabase({ $0.exclusiveConnections = 1 }) { database in
      let task = Task {
        await storeError {
          try await database.transaction { try await $0.execute(sleep(2)) }
        }
      }
      try await until(true) { try await isRunning(2, database) }
      task.cancel()
      #expect(await task.value == .cancelled)
      let running = try await isRunning(2, database)
      #expect(!running)
      let answer = try await database.transaction { try await $0.first("SELECT 1") as Int? }
      #expect(answer == 1)
    }
  }

  @Test func `stops at the deadline, on both kinds of connections`() async throws {
    try await withDatabase { database in
      await Database.$deadline.withValue(.now + .milliseconds(200)) {
        let read = await storeError { try await database.first("SELECT pg_sleep(600)") as String? }
        #expect(read == .timeout)
      }
      await Database.$deadline.withValue(.now + .milliseconds(200)) {
        let write = await storeError {
          try await database.transaction { try await $0.execute("SELECT pg_sleep(600)") }
        }
        #expect(write == .timeout)
      }
    }
  }

  @Test func `stops at the default limit`() async throws {
    try await withDatabase({ $0.statementTimeout = .milliseconds(200) }) { database in
      let error = await storeError { try await database.first("SELECT pg_sleep(600)") as String? }
      #expect(error == .timeout)
    }
  }

  @Test func `says unavailable when a shared connection is killed, and comes back`() async throws {
    try await withDatabase({ $0.sharedConnections = 1 }) { database in
      let pid: Int? = try await database.first("SELECT pg_backend_pid()")
      let task = Task {
        await storeError { try await database.first("SELECT pg_sleep(600)") as String? }
      }
      try await Task.sleep(for: .milliseconds(100))
      try await database.transaction { transaction in
        try await transaction.execute("SELECT pg_terminate_backend(\(pid))")
      }
      guard case .unavailable = await task.value else {
        Issue.record("\(String(describing: await task.value))")
        return
      }
      #expect(try await database.first("SELECT 1") == 1)
    }
  }

  @Test func `says unavailable when a transaction's connection is killed, and comes back`()
    async throws
  {
    try await withDatabase({ $0.exclusiveConnections = 1 }) { database in
      let error = await storeError {
        try await database.transaction { transaction in
          let pid: Int? = try await transaction.first("SELECT pg_backend_pid()")
          try await withDatabase { other in
            _ = try await other.first("SELECT pg_terminate_backend(\(pid))") as Bool?
          }
          try await transaction.execute("SELECT 1")
        }
      }
      guard case .unavailable = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let answer = try await database.transaction { try await $0.first("SELECT 1") as Int? }
      #expect(answer == 1)
    }
  }

  @Test func `leaves it open whether a COMMIT happened whose answer is lost`() async throws {
    let script = """
      CREATE TABLE item (a integer);
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER die AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION die();
      """
    try await withSchema(script) { database, _ in
      let error = await storeError {
        try await database.transaction { try await $0.execute("INSERT INTO item VALUES (1)") }
      }
      #expect(error == .commitUnknown)
      let count = try await database.transaction { try await $0.execute("SELECT a FROM item") }
      #expect(count == 0)
    }
  }
}
