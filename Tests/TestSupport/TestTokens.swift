import Crypto
import Foundation
package import GRPC
package import ServiceKit

/// Access tokens for anybody, by a key that is published in a database.
package struct TestTokens: Sendable {
  private let key: PrivateKey
  private let keyID: String

  /// Publishes a fresh key.
  package init(in database: TestDatabase) throws {
    key = try PrivateKey.generateP256()
    keyID = TestTokens.id()
    let point = try key.publicKey().coordinates
    try database.run(
      """
      INSERT INTO identity.token_key
      VALUES ('\(keyID)', '', '\(Base64.encodeURL(point?.x ?? []))',
              '\(Base64.encodeURL(point?.y ?? []))', now() - interval '1h',
              now() - interval '1s', now() + interval '1h');
      """
    )
  }

  /// A new id: of a person, a request, or anything.
  package static func id() -> String { UUID().uuidString.lowercased() }

  /// What a call of somebody with a role carries.
  package func call(
    _ role: RoleKind,
    at organization: OrganizationID,
    person: String = TestTokens.id(),
    staff: String = ""
  ) throws -> CallOptions {
    try call(
      Caller(
        id: person,
        displayName: "Người thử",
        staffCode: staff,
        roles: [CallerRole(kind: role, organization: organization)],
        expiry: ServiceClock.system.seconds + 600
      )
    )
  }

  /// What a call of a caller carries.
  package func call(_ caller: Caller) throws -> CallOptions {
    Self.call(token: try AccessToken.make(for: caller, key: key, keyID: keyID))
  }

  /// What a call with a token carries.
  package static func call(token: String) -> CallOptions {
    var metadata = Metadata()
    metadata.add("Bearer \(token)", for: "authorization")
    return CallOptions(metadata: metadata, timeout: .seconds(60))
  }
}
