import Postgres
import Synchronization
import Testing

/// Transactions and their pool.
@Suite struct TransactionTests {
  /// Runs `body` where there is a table `item`.
  private func withTable(
    _ change: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> Void
  ) async throws {
    let script = """
      CREATE TABLE item (
        id integer CONSTRAINT item_key PRIMARY KEY,
        name text NOT NULL CONSTRAINT item_name_short CHECK (length(name) < 10),
        parent integer CONSTRAINT item_parent REFERENCES item DEFERRABLE INITIALLY DEFERRED
      );
      """
    try await withSchema(script, change) { database, _ in try await body(database) }
  }

  private func insert(_ id: Int, _ name: String?, parent: Int? = nil) -> SQL {
    "INSERT INTO item (id, name, parent) VALUES (\(id), \(name), \(parent))"
  }

  @Test func `sees one state of the database at repeatable read, under its settings`() async throws
  {
    try await withTable { database async throws in
      let seen = try await database.transaction(
        .repeatableRead,
        settings: [("hocba.school", "here")]
      ) { transaction in
        let before: [Int] = try await transaction.query("SELECT id FROM item")
        _ = try await database.transaction { try await $0.execute(insert(1, "a")) }
        let after: [Int] = try await transaction.query("SELECT id FROM item")
        let school: String? = try await transaction.first("SELECT current_setting('hocba.school')")
        #expect(school == "here")
        return (before, after)
      }
      #expect(seen.0.isEmpty && seen.1.isEmpty)
      #expect(try await database.query("SELECT id FROM item") == [1])
    }
  }

  @Test func `commits what it did and rolls back what failed`() async throws {
    try await withTable { database async throws in
      let count = try await database.transaction { try await $0.execute(insert(1, "a")) }
      #expect(count == 1)
      struct Stop: Error {}
      await #expect(throws: Stop.self) {
        try await database.transaction { transaction in
          try await transaction.execute(insert(2, "b"))
          throw Stop()
        }
      }
      #expect(try await database.query("SELECT id FROM item") == [1])
    }
  }

  @Test func `names the constraint that was hit`() async throws {
    try await withTable { database async throws in
      let cases: [(SQL, StoreError)] = [
        (insert(1, "long, too long"), .constraint(name: "item_name_short", sqlState: "23514")),
        (insert(1, nil), .constraint(name: "name", sqlState: "23502")),
        (insert(1, "a", parent: 9), .constraint(name: "item_parent", sqlState: "23503")),
        (
          "INSERT INTO item (id, name) VALUES (1, 'a'), (1, 'b')",
          .constraint(name: "item_key", sqlState: "23505")
        ),
      ]
      for (statement, expected) in cases {
        let error = await storeError {
          try await database.transaction { try await $0.execute(statement) }
        }
        #expect(error == expected)
      }
    }
  }

  @Test func `does not claim to have committed after a swallowed error`() async throws {
    try await withTable { database async throws in
      let error = await storeError {
        try await database.transaction { transaction in
          try await transaction.execute(insert(1, "a"))
          _ = try? await transaction.execute(insert(1, "again"))
        }
      }
      guard case .server(sqlState: "25P02", _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(try await database.query("SELECT id FROM item") == [Int]())
    }
  }

  @Test func `makes settings for its own length`() async throws {
    try await withDatabase({ $0.exclusiveConnections = 1 }) { database async throws in
      let reading: SQL = "SELECT current_setting('hocba.school', true)"
      let inside = try await database.transaction(settings: [("hocba.school", "a")]) {
        try await $0.first(reading) as String?
      }
      let after = try await database.transaction { try await $0.first(reading) as String?? }
      #expect(inside == "a")
      #expect((after ?? "") ?? "" == "")
    }
  }

  @Test func `refuses a setting that does not exist and goes on`() async throws {
    try await withDatabase({ $0.exclusiveConnections = 1 }) { database async throws in
      let error = await storeError {
        try await database.transaction(settings: [("no_such_setting", "a")]) { _ in }
      }
      guard case .server(sqlState: "42704", _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let answer = try await database.transaction { try await $0.first("SELECT 1") as Int? }
      #expect(answer == 1)
    }
  }

  @Test func `is an error to use after its end`() async throws {
    try await withDatabase { database async throws in
      let escaped = Mutex<Transaction?>(nil)
      try await database.transaction { transaction in escaped.withLock { $0 = transaction } }
      let transaction = try #require(escaped.withLock { $0 })
      #expect(await storeError { try await transaction.execute("SELECT 1") } == .transactionEnded)
    }
  }

  @Test func `sees the losing side of two serializable transactions`() async throws {
    try await withTable { database async throws in
      try await database.transaction { try await $0.execute(insert(1, "a")) }
      let error = await storeError {
        try await database.transaction(.serializable) { first in
          _ = try await first.query("SELECT count(*) FROM item") as [Int]
          try await database.transaction(.serializable) { second in
            _ = try await second.query("SELECT count(*) FROM item") as [Int]
            try await second.execute(insert(2, "b"))
          }
          try await first.execute(insert(3, "c"))
        }
      }
      #expect(error == .serialization(sqlState: "40001"))
    }
  }

  /// Takes all connections; they are free again when the gate opens.
  private func hold(_ count: Int, of database: Database, until gate: Gate) async -> [Task<
    Void, any Error
  >] {
    var holders: [Task<Void, any Error>] = []
    for _ in 0..<count {
      let isHeld = Gate()
      holders.append(
        Task {
          defer { isHeld.open() }
          try await database.transaction { _ in
            isHeld.open()
            await gate.wait()
          }
        }
      )
      await isHeld.wait()
    }
    return holders
  }

  @Test func `holds no more connections than allowed`() async throws {
    try await withDatabase({ $0.exclusiveConnections = 2 }) { database in
      let gate = Gate()
      let order = Record()
      let holders = await hold(2, of: database, until: gate)
      let waiter = Task.immediate { try await database.transaction { _ in order.append(1) } }
      try await Task.sleep(for: .milliseconds(100))
      #expect(order.numbers == [])
      gate.open()
      for holder in holders { try await holder.value }
      try await waiter.value
      #expect(order.numbers == [1])
    }
  }

  @Test func `serves the first comer first`() async throws {
    try await withDatabase({ $0.exclusiveConnections = 1 }) { database in
      let gate = Gate()
      let order = Record()
      let holders = await hold(1, of: database, until: gate)
      // Immediate tasks run up to their place in the queue before the next one is made.
      let waiters = (0..<20).map { number in
        Task.immediate { try await database.transaction { _ in order.append(number) } }
      }
      gate.open()
      for holder in holders { try await holder.value }
      for waiter in waiters { try await waiter.value }
      #expect(order.numbers == Array(0..<20))
    }
  }

  @Test func `waits for a connection no longer than the deadline or its task`() async throws {
    try await withDatabase({ $0.exclusiveConnections = 1 }) { database in
      let gate = Gate()
      let holders = await hold(1, of: database, until: gate)
      let late = await Database.$deadline.withValue(.now + .milliseconds(100)) {
        await storeError { try await database.transaction { _ in } }
      }
      #expect(late == .timeout)
      let task = Task.immediate { await storeError { try await database.transaction { _ in } } }
      task.cancel()
      #expect(await task.value == .cancelled)
      gate.open()
      for holder in holders { try await holder.value }
    }
  }

  @Test func `refuses callers beyond the limit of its queue`() async throws {
    try await withDatabase({
      $0.exclusiveConnections = 1
      $0.queueLimit = 1
    }) { database in
      let gate = Gate()
      let holders = await hold(1, of: database, until: gate)
      let waiter = Task.immediate { try await database.transaction { _ in } }
      #expect(await storeError { try await database.transaction { _ in } } == .overloaded)
      gate.open()
      for holder in holders { try await holder.value }
      try await waiter.value
    }
  }

  @Test func `takes statements from several tasks at once`() async throws {
    try await withDatabase { database async throws in
      let sum = try await database.transaction { transaction in
        try await withThrowingTaskGroup(of: Int.self) { group in
          for number in 0..<200 {
            group.addTask { try await transaction.first("SELECT \(number)::int") ?? 0 }
          }
          return try await group.reduce(0, +)
        }
      }
      #expect(sum == 199 * 100)
    }
  }

  @Test func `copies rows of any content`() async throws {
    try await withTable { database async throws in
      let names: [String] = ["a\tb", "a\nb", "\\N", "\\", "Học", "\r", ""]
      let rows = names.enumerated().map { [String($0), $1, nil] as [String?] }
      let count = try await database.transaction { transaction in
        try await transaction.copyIn("COPY item (id, name, parent) FROM STDIN", rows)
      }
      #expect(count == names.count)
      #expect(try await database.query("SELECT name FROM item ORDER BY id") == names)
    }
  }

  @Test func `copies more than a socket holds, and reports what is wrong with it`() async throws {
    try await withTable { database async throws in
      let rows = (0..<200_000).map { [String($0), "name", nil] as [String?] }
      let count = try await database.transaction { transaction in
        try await transaction.copyIn("COPY item (id, name, parent) FROM STDIN", rows)
      }
      #expect(count == 200_000)
      let error = await storeError {
        try await database.transaction { transaction in
          try await transaction.copyIn("COPY item (id, name, parent) FROM STDIN", rows)
        }
      }
      #expect(error == .constraint(name: "item_key", sqlState: "23505"))
      #expect(try await database.first("SELECT count(*) FROM item") == 200_000)
    }
  }

  @Test func `refuses COPY as an ordinary statement and goes on`() async throws {
    try await withTable({ $0.exclusiveConnections = 1 }) { database async throws in
      let error = await storeError {
        try await database.transaction { try await $0.execute("COPY item FROM STDIN") }
      }
      #expect(error != nil)
      try await database.transaction { try await $0.execute(insert(1, "a")) }
    }
  }
}
