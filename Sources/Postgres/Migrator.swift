/// One step of a schema: a script of SQL statements that runs once.
package struct Migration: Sendable {
  /// Name of the file, such as `m0001_pupils`; names sort in the order of application.
  package let name: String
  /// The script, without BEGIN and COMMIT.
  package let sql: String

  /// A migration from a file that is part of the program.
  package init(name: String, sql: String) {
    self.name = name
    self.sql = sql
  }
}

/// Brings one service's schema to what its program expects.
///
/// Each migration is one transaction that ends with its row in `<schema>.migration`: a crash leaves
/// it done or not begun. Several runners wait for each other at an advisory lock.
package struct Migrator: Sendable {
  private let schema: String
  private let role: String?
  private let migrations: [Migration]

  /// Checks the names.
  ///
  /// - Parameters:
  ///   - schema: small letters, digits and underscores.
  ///   - role: who is to own what the migrations make (`SET LOCAL ROLE`); `nil` for the login role.
  ///   - migrations: all that the program knows, in order.
  /// - Throws: `StoreError.value` when the schema's name or the order of the migrations is wrong.
  package init(schema: String, role: String? = nil, _ migrations: [Migration]) throws(StoreError) {
    guard schema.wholeMatch(of: /[a-z_][a-z0-9_]{0,62}/) != nil else {
      throw .value("schema name \(schema)")
    }
    for (former, latter) in zip(migrations, migrations.dropFirst()) {
      guard former.name < latter.name else { throw .value("\(latter.name) is out of order") }
    }
    self.schema = schema
    self.role = role
    self.migrations = migrations
  }

  /// Applies what is missing.
  ///
  /// - Parameter database: reached as someone who may do all this, or become `role`.
  /// - Returns: the names of the migrations that were applied now.
  /// - Throws: `StoreError.unknownMigration` and `.changedMigration` before anything is applied.
  package func run(on database: Database) async throws -> [String] {
    try await database.migration(role: role) { try await prepare($0) }
    var applied: [String] = []
    for migration in migrations {
      let isNew = try await database.migration(role: role) { transaction in
        try await apply(migration, transaction)
      }
      if isNew { applied.append(migration.name) }
    }
    return applied
  }

  /// Runs a script that is harmless when repeated, whether it ran before or not: what comes before
  /// and after all migrations, such as roles and rights.
  ///
  /// Part of the program like a migration; there is no other way for a text to become SQL.
  package static func repeatable(_ script: Migration, on database: Database) async throws {
    try await database.migration(role: nil) { transaction in
      try await transaction.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(\("hocba.migration"), 0))"
      )
      try await transaction.script(script.sql)
    }
  }

  /// Makes the schema and its list of migrations, and compares that list with ours.
  private func prepare(_ transaction: Transaction) async throws(StoreError) {
    try await lock(transaction)
    // Asked first: IF NOT EXISTS demands the right to create even when there is nothing to do.
    let hasSchema: Bool? = try await transaction.first(
      "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = \(schema))"
    )
    if hasSchema != true { try await transaction.script("CREATE SCHEMA \(schema)") }
    let hasTable: Bool? = try await transaction.first(
      "SELECT to_regclass(\("\(schema).migration")) IS NOT NULL"
    )
    if hasTable != true {
      try await transaction.script(
        """
        CREATE TABLE \(schema).migration (
          name text PRIMARY KEY,
          checksum text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        )
        """
      )
    }
    for recorded in try await recorded(transaction) {
      guard let migration = migrations.first(where: { $0.name == recorded.name }) else {
        throw .unknownMigration(recorded.name)
      }
      guard recorded.checksum == (try await checksum(migration, transaction)) else {
        throw .changedMigration(recorded.name)
      }
    }
  }

  /// Applies one migration, unless another runner did so meanwhile.
  private func apply(
    _ migration: Migration,
    _ transaction: Transaction
  ) async throws(StoreError) -> Bool {
    try await lock(transaction)
    let names = try await recorded(transaction).map(\.name)
    if names.contains(migration.name) { return false }
    if let newer = names.first(where: { name in !migrations.contains { $0.name == name } }) {
      throw .unknownMigration(newer)
    }
    let identity: SQL = "SELECT pg_current_xact_id()::text"
    let before: String? = try await transaction.first(identity)
    try await transaction.script(migration.sql)
    guard before == (try await transaction.first(identity)) else {
      throw .value("\(migration.name) ends its transaction")
    }
    let checksum = try await checksum(migration, transaction)
    try await transaction.execute(
      SQL(
        migrationText: "INSERT INTO \(schema).migration (name, checksum) VALUES ($1, $2)",
        [migration.name, checksum]
      )
    )
    return true
  }

  private func lock(_ transaction: Transaction) async throws(StoreError) {
    try await transaction.execute(
      "SELECT pg_advisory_xact_lock(hashtextextended(\("hocba.migration.\(schema)"), 0))"
    )
  }

  private func recorded(_ transaction: Transaction) async throws(StoreError) -> [Recorded] {
    try await transaction.query(
      SQL(migrationText: "SELECT name, checksum FROM \(schema).migration ORDER BY name", [])
    )
  }

  private func checksum(
    _ migration: Migration,
    _ transaction: Transaction
  ) async throws(StoreError) -> String {
    try await transaction.first("SELECT md5(\(migration.sql))") ?? ""
  }

  private struct Recorded: RowDecodable {
    let name: String
    let checksum: String

    init(row: inout Row) throws(StoreError) {
      name = try row.next()
      checksum = try row.next()
    }
  }
}
