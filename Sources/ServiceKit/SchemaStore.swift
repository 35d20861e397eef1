import Postgres

extension SchemaCheck {
  /// The names of the migrations that the database has, in order.
  ///
  /// Each login role finds its own schema first.
  func applied(in database: Database) async throws(StoreError) -> [String] {
    try await database.query("SELECT name FROM migration ORDER BY name")
  }
}
