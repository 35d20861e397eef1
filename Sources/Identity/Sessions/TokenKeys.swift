import Crypto
import Foundation
import Postgres
import ServiceKit

/// The keys that sign access tokens: one signs, the ones before it are trusted until their last
/// token has ended, and the next takes over without anybody's doing.
struct TokenKeys: Sendable {
  let kit: Kit
  let settings: Settings

  /// How long a token lives.
  var tokenLifetime: Duration { settings[IdentitySettings.tokenLifetime] }

  /// A signed token for a caller.
  func token(for caller: Caller) async throws -> String {
    let key = try await current()
    return try AccessToken.make(for: caller, key: key.privateKey, keyID: key.id)
  }

  /// The key that signs now; the next one is made when none does.
  ///
  /// Two processes may both make one: both keys are published, and either may sign.
  private func current() async throws -> SigningKey {
    if let row = try await kit.database.signingKey() {
      return SigningKey(id: row.id, privateKey: try PrivateKey(pem: row.privateKey))
    }
    let key = try PrivateKey.generateP256()
    guard let point = try key.publicKey().coordinates else { throw Problem.internalError }
    let id = try ResourceID.make(now: kit.clock.now)
    let pem = PEM.encode(try key.pkcs8(), as: "PRIVATE KEY")
    let lifetime = settings[IdentitySettings.keyLifetime].components.seconds
    let new = NewTokenKey(
      id: id,
      privateKey: pem,
      x: Base64.encodeURL(point.x),
      y: Base64.encodeURL(point.y),
      signSeconds: Int(lifetime),
      trustSeconds: Int(lifetime + tokenLifetime.components.seconds)
    )
    try await kit.database.transaction { transaction in
      try await transaction.insert(new)
    }
    return SigningKey(id: id, privateKey: key)
  }
}

/// A key that signs tokens.
struct SigningKey: Sendable {
  let id: String
  let privateKey: PrivateKey
}

/// A key about to be stored.
struct NewTokenKey: Sendable {
  let id: String
  /// PKCS#8, PEM.
  let privateKey: String
  /// base64url without padding.
  let x: String
  let y: String
  let signSeconds: Int
  let trustSeconds: Int
}
