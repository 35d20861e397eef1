package import Crypto
import Foundation
import GRPC

/// Id of an organisation: the text of a UUID.
package typealias OrganizationID = String

/// A role in force, as an access token carries it.
package struct CallerRole: Sendable, Codable, Equatable {
  /// What the holder may do.
  package let kind: RoleKind
  /// Where; it reaches the units below.
  package let organization: OrganizationID

  /// Makes a role.
  package init(kind: RoleKind, organization: OrganizationID) {
    self.kind = kind
    self.organization = organization
  }
}

/// Who is calling, as the access token says (claims of RFC 7519, and our own).
package struct Caller: Sendable, Codable, Equatable {
  /// Id of the person.
  package let id: String
  /// Full name, for audit entries and documents.
  package let displayName: String
  /// Code among the sector's staff; empty for people who are not staff.
  package let staffCode: String
  /// Roles in force when the token was made.
  package let roles: [CallerRole]
  /// When the token ends, seconds since 1970.
  package let expiry: Int

  enum CodingKeys: String, CodingKey {
    case id = "sub"
    case displayName = "name"
    case staffCode = "staff"
    case roles
    case expiry = "exp"
  }

  /// Makes a caller.
  package init(
    id: String,
    displayName: String,
    staffCode: String,
    roles: [CallerRole],
    expiry: Int
  ) {
    self.id = id
    self.displayName = displayName
    self.staffCode = staffCode
    self.roles = roles
    self.expiry = expiry
  }
}

/// Makes and checks access tokens: JSON Web Signatures, ES256 (RFC 7515, 7518 section 3.4).
package enum AccessToken {
  /// Signs a token for a caller.
  package static func make(
    for caller: Caller,
    key: PrivateKey,
    keyID: String
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try JWS.sign(payload: [UInt8](encoder.encode(caller)), key: key, keyID: keyID)
  }

  /// The caller that a token names.
  ///
  /// - Throws: `Problem` `TOKEN_INVALID` or `TOKEN_EXPIRED`, both UNAUTHENTICATED.
  package static func caller(
    of token: String,
    keys: [String: PublicKey],
    now: Int
  ) throws(Problem) -> Caller {
    guard let payload = JWS.verify(token, keys: keys),
      let caller = try? JSONDecoder().decode(Caller.self, from: Data(payload))
    else { throw .tokenInvalid }
    guard caller.expiry > now else {
      throw Problem(
        .unauthenticated,
        "TOKEN_EXPIRED",
        vi: "Phiên làm việc đã hết hạn, xin đăng nhập lại."
      )
    }
    return caller
  }
}

extension Problem {
  /// There is no token, or it is not one of ours.
  static let tokenInvalid = Problem(
    .unauthenticated,
    "TOKEN_INVALID",
    vi: "Chưa đăng nhập, hoặc phiên làm việc không hợp lệ."
  )
}
