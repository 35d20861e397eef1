import Postgres
import Testing

/// Reads on shared connections.
@Suite struct DatabaseTests {
  @Test func `answers many concurrent reads each with its own result`() async throws {
    try await withDatabase { database in
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<5000 {
          group.addTask {
            let answer: Int? = try await database.first("SELECT \(number)::int + 1")
            return answer == number + 1 ? 1 : 0
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == 5000)
    }
  }

  @Test func `keeps an error from its neighbours`() async throws {
    try await withDatabase({ $0.sharedConnections = 1 }) { database in
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<300 {
          group.addTask {
            let answer = try? await database.first("SELECT 10 / \(number % 3)::int") as Int?
            return (answer == nil) == (number % 3 == 0)
          }
        }
        for await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test func `reports wrong SQL again and again and goes on`() async throws {
    try await withDatabase({ $0.sharedConnections = 1 }) { database async throws in
      await withTaskGroup(of: StoreError?.self) { group in
        for _ in 0..<20 {
          group.addTask { await storeError { try await database.first("SELEC 1") as Int? } }
        }
        for await error in group {
          guard case .server(sqlState: "42601", _) = error else {
            Issue.record("\(String(describing: error))")
            continue
          }
        }
      }
      #expect(try await database.first("SELECT 1") == 1)
    }
  }

  @Test func `makes settings for one statement only`() async throws {
    try await withDatabase({ $0.sharedConnections = 1 }) { database in
      let reading: SQL = "SELECT current_setting('hocba.school', true)"
      async let first: String? = database.first(reading, settings: [("hocba.school", "a")])
      async let second: String? = database.first(reading, settings: [("hocba.school", "b")])
      let third: String?? = try await database.first(reading)
      #expect(try await first == "a")
      #expect(try await second == "b")
      #expect((third ?? "") ?? "" == "")
    }
  }

  @Test func `refuses writes`() async throws {
    try await withDatabase { database in
      let error = await storeError { try await database.first("CREATE SCHEMA nope") as Int? }
      guard case .server(sqlState: "25006", _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func `prepares anew when a table has changed`() async throws {
    let script = "CREATE TABLE item (a integer)"
    try await withSchema(script, { $0.sharedConnections = 1 }) { database, _ in
      let reading: SQL = "SELECT a FROM item"
      let before: [Int] = try await database.query(reading)
      #expect(before == [])
      try await database.transaction { transaction in
        try await transaction.execute("ALTER TABLE item ALTER a TYPE text")
        try await transaction.execute("INSERT INTO item VALUES ('x')")
      }
      // All at once, so that several meet the stale statement in one pipeline.
      try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<20 { group.addTask { try await database.query(reading) } }
        for try await after in group { #expect(after == ["x"]) }
      }
    }
  }

  @Test func `asks for a repeat when a table has changed under a transaction's statement`()
    async throws
  {
    let script = "CREATE TABLE item (a integer)"
    try await withSchema(script, { $0.exclusiveConnections = 1 }) { database, _ in
      let read: () async throws -> [String?] = {
        try await database.transaction { try await $0.query("SELECT a FROM item") }
      }
      _ = try await read()
      try await database.transaction { transaction in
        try await transaction.execute("ALTER TABLE item ALTER a TYPE text")
      }
      #expect(await storeError(read) == .serialization(sqlState: "0A000"))
      #expect(try await read() == [])
    }
  }

  @Test func `refuses a row that does not fit its type`() async throws {
    try await withDatabase { database in
      let tooMany = await storeError { try await database.first("SELECT 1, 2 AS b") as Int? }
      #expect(tooMany == .decode(column: "b", reason: "was not read"))
      let null = await storeError { try await database.first("SELECT NULL::int AS a") as Int? }
      #expect(null == .decode(column: "a", reason: "is NULL"))
      let other = await storeError { try await database.first("SELECT 'x' AS a") as Int? }
      #expect(other == .decode(column: "a", reason: "is not Int"))
    }
  }

  @Test func `says that a server is not there, after its patience`() async throws {
    try await withDatabase({
      $0.connection = "host=/nonexistent"
      $0.patience = .milliseconds(300)
    }) { database in
      let read = await storeError { try await database.first("SELECT 1") as Int? }
      let write = await storeError { try await database.transaction { _ in } }
      for error in [read, write] {
        guard case .unavailable = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
    }
  }

  @Test func `refuses everything after its shutdown`() async throws {
    try await withDatabase { database async throws in
      #expect(try await database.first("SELECT 1") == 1)
      await database.shutdown()
      let error = await storeError { try await database.first("SELECT 1") as Int? }
      #expect(error == .unavailable("shut down"))
    }
  }
}
