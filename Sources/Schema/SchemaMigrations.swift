package import Postgres

/// The database as this version of the programs needs it: every schema, in the order of migrations.
///
/// A migration that is out is never changed; a change of the database is a new file.
package enum SchemaMigrations {
  /// The schemas, in the order in which they are prepared.
  package static let schemas = ["identity", "records", "signing", "reporting"]

  /// The migrations of a schema.
  package static func all(of schema: String) -> [Migration] {
    let ledger = Migration(name: "m0001_ledger", sql: text(PackageResources.ledger_sql))
    switch schema {
    case "identity": return [ledger, .init("m0002_identity", PackageResources.identity_sql)]
    case "records": return [ledger, .init("m0002_records", PackageResources.records_sql)]
    case "signing": return [ledger, .init("m0002_signing", PackageResources.signing_sql)]
    case "reporting": return [.init("m0001_reporting", PackageResources.reporting_sql)]
    default: return []
    }
  }

  /// The names of a schema's migrations, in order.
  package static func names(of schema: String) -> [String] { all(of: schema).map(\.name) }

  /// What comes before the first migration: schemas and login roles, harmless when repeated.
  package static var bootstrap: String { text(PackageResources.bootstrap_sql) }

  /// What comes after the last: rights on all that is there, harmless when repeated.
  package static var grants: String { text(PackageResources.grants_sql) }

  fileprivate static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension Migration {
  fileprivate init(_ name: String, _ bytes: [UInt8]) {
    self.init(name: name, sql: SchemaMigrations.text(bytes))
  }
}
