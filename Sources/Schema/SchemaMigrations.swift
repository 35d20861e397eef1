package import Postgres

/// The database as this version of the programs needs it: every schema, in the order of migrations.
///
/// A migration that is out is never changed; a change of the database is a new file.
package enum SchemaMigrations {
  /// The schemas, in the order in which they are prepared.
  package static let schemas = ["identity", "records", "signing", "reporting"]

  /// The migrations of a schema.
  package static func all(of schema: String) -> [Migration] {
    let ledger = migration("m0001_ledger", PackageResources.ledger_sql, in: schema)
    switch schema {
    case "identity":
      return [ledger, migration("m0002_identity", PackageResources.identity_sql, in: schema)]
    case "records":
      return [ledger, migration("m0002_records", PackageResources.records_sql, in: schema)]
    case "signing":
      return [ledger, migration("m0002_signing", PackageResources.signing_sql, in: schema)]
    case "reporting":
      return [migration("m0001_reporting", PackageResources.reporting_sql, in: schema)]
    default: return []
    }
  }

  /// The names of a schema's migrations, in order.
  package static func names(of schema: String) -> [String] { all(of: schema).map(\.name) }

  /// What comes before the first migration: schemas and login roles, harmless when repeated.
  package static var bootstrap: Migration { script("bootstrap", PackageResources.bootstrap_sql) }

  /// What comes after the last: rights on all that is there, harmless when repeated.
  package static var grants: Migration { script("grants", PackageResources.grants_sql) }

  /// Brings a database to what this version needs: roles, schemas, migrations, rights.
  ///
  /// - Parameter database: reached as its owner, who may create roles.
  /// - Returns: The migrations that were applied now, as `schema.name`.
  /// - Throws: `StoreError.unknownMigration` for a database that is newer, before changing it.
  package static func prepare(_ database: Database) async throws -> [String] {
    try await Migrator.repeatable(bootstrap, on: database)
    var applied: [String] = []
    for schema in schemas {
      let names = try await Migrator(schema: schema, all(of: schema)).run(on: database)
      applied += names.map { "\(schema).\($0)" }
    }
    try await Migrator.repeatable(grants, on: database)
    return applied
  }

  /// The scripts name tables of their own schema without it, so that the ledger can be everybody's.
  private static func migration(
    _ name: String,
    _ bytes: [UInt8],
    in schema: String
  ) -> Migration {
    let text = String(decoding: bytes, as: UTF8.self)
    return Migration(name: name, sql: "SET LOCAL search_path TO \(schema);\n\(text)")
  }

  private static func script(_ name: String, _ bytes: [UInt8]) -> Migration {
    Migration(name: name, sql: String(decoding: bytes, as: UTF8.self))
  }
}
