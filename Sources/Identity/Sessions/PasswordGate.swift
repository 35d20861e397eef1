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
