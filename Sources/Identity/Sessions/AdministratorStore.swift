import Postgres

extension Database {
  /// Whether nobody has an account yet.
  func hasNobody() async throws(StoreError) -> Bool {
    let count: Int? = try await first("SELECT count(*) FROM person")
    return count == 0
  }
}

extension Transaction {
  /// Stores the root of the tree of organisations.
  func insertRoot(_ id: String, name: String, on day: String) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO organization (id, code, display_name, kind, valid_from)
      VALUES (\(id)::uuid, 'BGDDT', \(name), 'MINISTRY', \(day)::date)
      """
    )
  }

  /// Stores the first administrator.
  func insertAdministrator(_ id: String, passwordHash: String) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO person (id, login, display_name, password_hash)
      VALUES (\(id)::uuid, 'admin', 'Quản trị hệ thống', \(passwordHash))
      """
    )
  }
}
