import API
import Crypto
import Postgres
import ServiceKit

/// Signing in: `hocba.identity.v1.SessionService`.
struct SessionService: IdentityV1.SessionServiceProvider {
  let kit: Kit
  let keys: TokenKeys
  let passwords: PasswordGate

  /// `rpc SignIn`.
  func signIn(
    _ request: IdentityV1.SignInRequest,
    _ call: Call
  ) async throws -> IdentityV1.Session {
    let found = try await kit.database.credentials(ofLogin: request.login)
    let isRight = try await passwords.isRight(
      request.password,
      of: request.login,
      hash: found?.passwordHash ?? ""
    )
    guard let found, isRight, !found.disabled else { throw IdentityError.credentialsInvalid }
    let (person, roles) = try await kit.database.transaction { transaction in
      (try await transaction.personRow(found.id), try await transaction.roles(of: found.id))
    }
    guard let person else { throw IdentityError.credentialsInvalid }
    let inForce = roles.filter { $0.isInForce(on: kit.clock.today) }
    let lifetime = Int(keys.tokenLifetime.components.seconds)
    let caller = Caller(
      id: person.id,
      displayName: person.displayName,
      staffCode: person.staffCode,
      roles: inForce.compactMap { role in
        RoleKind(rawValue: role.kind).map { .init(kind: $0, organization: role.organization) }
      },
      expiry: kit.clock.seconds + lifetime
    )
    return IdentityV1.Session(
      accessToken: try await keys.token(for: caller),
      expireTime: .init(seconds: Int64(caller.expiry), nanos: 0),
      person: person.wire(showsPersonalID: true),
      roles: inForce.map(\.wire)
    )
  }

  /// `rpc GetSession`.
  func getSession(
    _ request: IdentityV1.GetSessionRequest,
    _ call: Call
  ) async throws -> IdentityV1.Session {
    let grant = try call.authorizeAnywhere()
    let caller = try call.caller
    let (person, roles) = try await call.read(grant) { transaction in
      (try await transaction.personRow(caller.id), try await transaction.roles(of: caller.id))
    }
    return IdentityV1.Session(
      expireTime: .init(seconds: Int64(caller.expiry), nanos: 0),
      person: person?.wire(showsPersonalID: true),
      roles: roles.filter { $0.isInForce(on: kit.clock.today) }.map(\.wire)
    )
  }

  /// `rpc ListTokenKeys`.
  func listTokenKeys(
    _ request: IdentityV1.ListTokenKeysRequest,
    _ call: Call
  ) async throws -> IdentityV1.ListTokenKeysResponse {
    _ = try call.authorizeAnywhere()
    let rows = try await kit.database.publishedKeys()
    return .init(
      keys: rows.map { row in
        .init(
          keyID: row.id,
          x: row.x,
          y: row.y,
          startTime: .init(seconds: row.startTime, nanos: 0),
          expireTime: .init(seconds: row.expireTime, nanos: 0)
        )
      }
    )
  }
}
