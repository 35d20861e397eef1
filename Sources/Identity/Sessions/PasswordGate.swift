import Crypto
import Postgres
import ServiceKit

/// Checks passwords so that guessing them is slow, and tells nothing about which logins there are.
struct PasswordGate: Sendable {
  private let database: Database
  /// A hash of nobody's password: an unknown login costs as much time as a wrong password.
  let nobody: String

  init(_ database: Database) async throws {
    self.database = database
    nobody = try await PasswordHash.make(Hex.encode(Random.bytes(16)))
  }

  /// Whether a password is the one of a login, whose hash is empty if nobody has it or there is no
  /// password yet.
  ///
  /// The attempt is counted before it is looked at, so that many at once are still many.
  /// - Throws: `IdentityError.tooManyAttempts`.
  func isRight(_ password: String, of login: String, hash: String) async throws -> Bool {
    let digest = SHA256.digest(Array(login.utf8))
    guard try await database.beginAttempt(digest) else {
      let seconds = try await database.lockedSeconds(digest) ?? 0
      throw IdentityError.tooManyAttempts(retryAfter: .seconds(max(1, seconds)))
    }
    let isRight = await PasswordHash.verify(password, against: hash.isEmpty ? nobody : hash)
    guard isRight, !hash.isEmpty else { return false }
    try await database.transaction { try await $0.forgetAttempts(ofLogin: login) }
    return true
  }
}

extension Database {
  /// Counts an attempt unless the login is locked; whether it may be made.
  ///
  /// From the tenth on, each without success locks the login twice as long as the one before, up to
  /// an hour.
  fileprivate func beginAttempt(_ login: [UInt8]) async throws -> Bool {
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
  fileprivate func lockedSeconds(_ login: [UInt8]) async throws(StoreError) -> Int? {
    try await first(
      """
      SELECT ceil(extract(epoch FROM locked_until - now()))::bigint
        FROM password_attempt WHERE login = \(login)
      """
    )
  }
}

extension Transaction {
  /// Forgets the attempts of a login: the right password was given, or there is a new one.
  func forgetAttempts(ofLogin login: String) async throws(StoreError) {
    let digest = SHA256.digest(Array(login.utf8))
    _ = try await execute("DELETE FROM password_attempt WHERE login = \(digest)")
  }
}
