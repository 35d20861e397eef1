import Postgres
import Testing

/// Schemas and their migrations.
@Suite struct MigratorTests {
  private static let first = Migration(
    name: "m0001_first",
    sql: "CREATE TABLE a (x integer); INSERT INTO a VALUES (1);"
  )
  private static let second = Migration(
    name: "m0002_second",
    sql: "INSERT INTO a VALUES (2); INSERT INTO a VALUES (3);"
  )

  private func rows(_ database: Database) async throws -> [Int] {
    try await database.query("SELECT x FROM a ORDER BY x")
  }

  @Test func `applies each migration once`() async throws {
    try await withSchema(nil) { database, schema in
      let one = try Migrator(schema: schema, [Self.first])
      let two = try Migrator(schema: schema, [Self.first, Self.second])
      #expect(try await one.run(on: database) == ["m0001_first"])
      #expect(try await one.run(on: database) == [])
      #expect(try await two.run(on: database) == ["m0002_second"])
      #expect(try await two.run(on: database) == [])
      #expect(try await rows(database) == [1, 2, 3])
    }
  }

  @Test func `refuses a database that is newer than itself`() async throws {
    try await withSchema(nil) { database, schema in
      _ = try await Migrator(schema: schema, [Self.first, Self.second]).run(on: database)
      let older = try Migrator(schema: schema, [Self.first])
      #expect(
        await storeError { try await older.run(on: database) } == .unknownMigration("m0002_second")
      )
    }
  }

  @Test func `refuses a migration that was changed after it was applied`() async throws {
    try await withSchema(nil) { database, schema in
      _ = try await Migrator(schema: schema, [Self.first]).run(on: database)
      let changed = Migration(name: Self.first.name, sql: Self.first.sql + " ")
      let runner = try Migrator(schema: schema, [changed, Self.second])
      #expect(
        await storeError { try await runner.run(on: database) } == .changedMigration("m0001_first")
      )
      #expect(try await rows(database) == [1])
    }
  }

  @Test func `leaves nothing of a migration that fails`() async throws {
    try await withSchema(nil) { database, schema in
      let bad = Migration(
        name: "m0002_bad",
        sql: "CREATE TABLE b (x integer); INSERT INTO a VALUES ('x');"
      )
      let runner = try Migrator(schema: schema, [Self.first, bad])
      guard case .server("22P02", _) = await storeError({ try await runner.run(on: database) })
      else {
        Issue.record("the bad migration did not fail as it should")
        return
      }
      let tables: [String] = try await database.query(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = \(schema) ORDER BY 1"
      )
      #expect(tables == ["a", "migration"])
      let repaired = try Migrator(schema: schema, [Self.first, Self.second])
      #expect(try await repaired.run(on: database) == ["m0002_second"])
    }
  }

  @Test func `refuses a script that ends its transaction itself`() async throws {
    try await withSchema(nil) { database, schema in
      let bad = Migration(name: "m0001_bad", sql: "CREATE TABLE b (x integer); COMMIT;")
      let runner = try Migrator(schema: schema, [bad])
      #expect(
        await storeError { try await runner.run(on: database) }
          == .value("m0001_bad ends its transaction")
      )
    }
  }

  @Test func `lets runners that come together apply each migration once`() async throws {
    try await withSchema(nil) { database, schema in
      let runner = try Migrator(schema: schema, [Self.first, Self.second])
      let applied = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<5 { group.addTask { try await runner.run(on: database) } }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(applied.sorted() == ["m0001_first", "m0002_second"])
      #expect(try await rows(database) == [1, 2, 3])
    }
  }

  @Test func `makes everything in the name of its role`() async throws {
    try await withDatabase { database in
      let role = "test_\(UInt32.random(in: 0 ... .max))"
      try await execute("CREATE ROLE %I NOLOGIN", role, database)
      try await execute("CREATE SCHEMA AUTHORIZATION %I", role, database)
      let migration = Migration(name: "m0001_role", sql: "CREATE TABLE \(role).a (x integer)")
      let runner = try Migrator(schema: role, role: role, [migration])
      #expect(try await runner.run(on: database) == ["m0001_role"])
      let owners: [String] = try await database.query(
        "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = \(role)"
      )
      #expect(owners == [role])
      try await execute("DROP SCHEMA %I CASCADE", role, database)
      try await execute("DROP ROLE %I", role, database)
    }
  }

  @Test func `refuses names that are not plain, and migrations out of order`() {
    #expect(throws: StoreError.value("schema name a;b")) { try Migrator(schema: "a;b", []) }
    #expect(throws: StoreError.value("m0001_first is out of order")) {
      try Migrator(schema: "a", [Self.second, Self.first])
    }
  }
}
