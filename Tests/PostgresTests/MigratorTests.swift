import Postgres
import Testing

/// Schemas and their migrations.
@Suite struct MigratorTests {
  private static let first = Migration(
    name: "m0001_first",
    sql: "CREATE TABLE NAME.a (x integer); INSERT INTO NAME.a VALUES (1);"
  )
  private static let second = Migration(
    name: "m0002_second",
    sql: "INSERT INTO NAME.a VALUES (2); INSERT INTO NAME.a VALUES (3);"
  )

  /// A schema's name, and what makes migrations speak of it.
  private func migrator(
    _ schema: String,
    role: String? = nil,
    _ migrations: [Migration]
  ) throws -> Migrator {
    try Migrator(
      schema: schema,
      role: role,
      migrations.map { migration in
        let parts = migration.sql.split(separator: "NAME", omittingEmptySubsequences: false)
        return Migration(name: migration.name, sql: parts.joined(separator: schema))
      }
    )
  }

  private func withSchema(_ body: (Database, String) async throws -> Void) async throws {
    try await withDatabase { database in
      let schema = uniqueName("migrator")
      try await body(database, schema)
      try await database.transaction { transaction in
        try await transaction.execute(
          "SELECT set_config('hocba.test_schema', \(schema), true)"
        )
        try await transaction.execute(
          """
          DO 'BEGIN EXECUTE format(''DROP SCHEMA %I CASCADE'',
            current_setting(''hocba.test_schema'')); END'
          """
        )
      }
    }
  }

  private func tables(_ schema: String, _ database: Database) async throws -> Int? {
    try await database.first("SELECT count(*) FROM pg_tables WHERE schemaname = \(schema)")
  }

  @Test func `applies each migration once`() async throws {
    try await withSchema { database, schema in
      let one = try migrator(schema, [Self.first])
      let two = try migrator(schema, [Self.first, Self.second])
      #expect(try await one.run(on: database) == ["m0001_first"])
      #expect(try await one.run(on: database) == [])
      #expect(try await two.run(on: database) == ["m0002_second"])
      #expect(try await two.run(on: database) == [])
    }
  }

  @Test func `refuses a database that is newer than itself`() async throws {
    try await withSchema { database, schema in
      _ = try await migrator(schema, [Self.first, Self.second]).run(on: database)
      let error = await storeError { try await migrator(schema, [Self.first]).run(on: database) }
      #expect(error == .unknownMigration("m0002_second"))
    }
  }

  @Test func `refuses a migration that was changed after it was applied`() async throws {
    try await withSchema { database, schema in
      _ = try await migrator(schema, [Self.first]).run(on: database)
      let changed = Migration(name: Self.first.name, sql: Self.first.sql + " ")
      let error = await storeError {
        try await migrator(schema, [changed, Self.second]).run(on: database)
      }
      #expect(error == .changedMigration("m0001_first"))
      #expect(try await migrator(schema, [Self.first]).run(on: database) == [])
    }
  }

  @Test func `leaves nothing of a migration that fails`() async throws {
    try await withSchema { database, schema in
      let bad = Migration(
        name: "m0002_bad",
        sql: "CREATE TABLE NAME.b (x integer); INSERT INTO NAME.a VALUES ('x');"
      )
      let error = await storeError {
        try await migrator(schema, [Self.first, bad]).run(on: database)
      }
      guard case .server(sqlState: "22P02", _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      // The first one and the list of migrations: not the failed one's table.
      #expect(try await tables(schema, database) == 2)
      let repaired = try migrator(schema, [Self.first, Self.second])
      #expect(try await repaired.run(on: database) == ["m0002_second"])
    }
  }

  @Test func `refuses a script that ends its transaction itself`() async throws {
    try await withSchema { database, schema in
      let bad = Migration(name: "m0001_bad", sql: "CREATE TABLE NAME.b (x integer); COMMIT;")
      let error = await storeError { try await migrator(schema, [bad]).run(on: database) }
      #expect(error == .value("m0001_bad ends its transaction"))
    }
  }

  @Test func `lets runners that come together apply each migration once`() async throws {
    try await withSchema { database, schema in
      let runner = try migrator(schema, [Self.first, Self.second])
      let applied = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<5 { group.addTask { try await runner.run(on: database) } }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(applied.sorted() == ["m0001_first", "m0002_second"])
    }
  }

  @Test func `makes everything in the name of its role`() async throws {
    try await withDatabase { database in
      let role = uniqueName("owner")
      try await database.transaction { transaction in
        try await transaction.execute("SELECT set_config('hocba.test_role', \(role), true)")
        try await transaction.execute(
          """
          DO 'BEGIN EXECUTE format(''CREATE ROLE %I NOLOGIN'', current_setting(''hocba.test_role''));
            EXECUTE format(''CREATE SCHEMA %I AUTHORIZATION %I'',
              current_setting(''hocba.test_role''), current_setting(''hocba.test_role'')); END'
          """
        )
      }
      let runner = try migrator(role, role: role, [Self.first])
      #expect(try await runner.run(on: database) == ["m0001_first"])
      let owners: [String] = try await database.query(
        "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = \(role)"
      )
      #expect(owners == [role])
      try await database.transaction { transaction in
        try await transaction.execute("SELECT set_config('hocba.test_role', \(role), true)")
        try await transaction.execute(
          """
          DO 'BEGIN EXECUTE format(''DROP SCHEMA %I CASCADE'', current_setting(''hocba.test_role''));
            EXECUTE format(''DROP ROLE %I'', current_setting(''hocba.test_role'')); END'
          """
        )
      }
    }
  }

  @Test func `refuses names that are not plain, and migrations out of order`() {
    #expect(throws: StoreError.value("schema name a;b")) { try Migrator(schema: "a;b", []) }
    #expect(throws: StoreError.value("m0001_first is out of order")) {
      try Migrator(schema: "a", [Self.second, Self.first])
    }
  }
}
