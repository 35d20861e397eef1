import Postgres

extension Transaction {
  /// Sets the password of a login role.
  ///
  /// ALTER ROLE takes no parameters, so the values travel as settings of this transaction and are
  /// quoted by the server.
  func setPassword(_ password: String, of role: String) async throws(StoreError) {
    let _: String? = try await first("SELECT set_config('hocba.role', \(role), true)")
    let _: String? = try await first("SELECT set_config('hocba.password', \(password), true)")
    try await execute(
      """
      DO $$ BEGIN
        EXECUTE format('ALTER ROLE %I PASSWORD %L', current_setting('hocba.role'),
                       current_setting('hocba.password'));
      END $$
      """
    )
  }
}
