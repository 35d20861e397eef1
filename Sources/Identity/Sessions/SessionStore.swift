import Crypto
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

  /// Counts an attempt unless the login is locked; whether it may be made.
  ///
  /// From the tenth on, each without success locks the login twice as long as the one before, up to
  /// an hour.
  func beginAttempt(_ login: [UInt8]) async throws -> Bool {
    try await transaction { transaction in
      // What nobody has tried for a day is forgotten, some at a time.
      _ = try await transaction.execute(
        """
        DELETE FROM password_attempt WHERE login IN (
          SELECT login FROM password_attempt WHERE locked_until < now() - interval '1 day'
           LIMIT 100 FOR UPDATE SKIP LOCKED)
        """
      )
      return try await transaction.execute(
        """
        INSERT INTO password_attempt AS a (login, count, locked_until)
        VALUES (\(login), 1, clock_timestamp())
        ON CONFLICT (login) DO UPDATE
           SET count = a.count + 1,
               locked_until = clock_timestamp() + CASE WHEN a.count < 9 THEN interval '0'
                 ELSE least(3600, 30 * 2 ^ least(a.count - 9, 7)) * interval '1 second' END
         WHERE a.locked_until <= clock_timestamp()
        """
      ) == 1
    }
  }

  /// For how many seconds a login is locked.
  func lockedSeconds(_ login: [UInt8]) async throws(StoreError) -> Int? {
    try await first(
      """
      SELECT ceil(extract(epoch FROM locked_until - now()))::bigint
        FROM password_attempt WHERE login = \(login)
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

  /// Forgets the attempts of a login: the right password was given, or there is a new one.
  func forgetAttempts(ofLogin login: String) async throws(StoreError) {
    let digest = SHA256.digest(Array(login.utf8))
    _ = try await execute("DELETE FROM password_attempt WHERE login = \(digest)")
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
