import Postgres

extension Database {
  /// The newest key that may still sign; `nil` if the next one is due.
  func signingKey() async throws(StoreError) -> TokenKeyRow? {
    try await first(
      """
      SELECT key_id, private_key FROM token_key
       WHERE start_time <= now() AND sign_until > now()
       ORDER BY start_time DESC LIMIT 1
      """
    )
  }

  /// The keys that tokens may be signed with, the newest first.
  func publishedKeys() async throws(StoreError) -> [PublishedKeyRow] {
    try await query(
      """
      SELECT key_id, x, y, extract(epoch FROM start_time)::bigint,
             extract(epoch FROM expire_time)::bigint
        FROM token_key WHERE expire_time > now() ORDER BY start_time DESC
      """
    )
  }

  /// What a login signs in with; `nil` if nobody has it.
  func credentials(ofLogin login: String) async throws(StoreError) -> CredentialRow? {
    try await first(
      """
      SELECT id::text, login, password_hash, disabled FROM person WHERE login = \(login)
      """
    )
  }
}

extension Transaction {
  /// Stores a new key.
  func insert(_ key: NewTokenKey) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO token_key (key_id, private_key, x, y, start_time, sign_until, expire_time)
      VALUES (\(key.id), \(key.privateKey), \(key.x), \(key.y), now(),
              now() + make_interval(secs => \(key.signSeconds)::int),
              now() + make_interval(secs => \(key.trustSeconds)::int))
      """
    )
  }
}

/// A key that signs.
struct TokenKeyRow: Sendable, RowDecodable {
  let id: String
  let privateKey: String

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    privateKey = try row.next()
  }
}

/// A key as it is published.
struct PublishedKeyRow: Sendable, RowDecodable {
  let id: String
  let x: String
  let y: String
  let startTime: Int64
  let expireTime: Int64

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    x = try row.next()
    y = try row.next()
    startTime = try row.next()
    expireTime = try row.next()
  }
}
