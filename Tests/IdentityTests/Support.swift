import API
import Crypto
import Foundation
import GRPC
import Protobuf
import ServiceKit
import TestPKI
import TestSupport

@testable import Identity

/// The identity service over the sample organisations, with an administrator of the ministry.
struct TestIdentity: Sendable {
  static let password = "một mật khẩu dài"

  let database: TestDatabase
  let service: TestService
  let tokens: TestTokens
  let admin: CallOptions
  let clock: TestClock

  var organizations: IdentityV1.OrganizationServiceClient { .init(service.client) }
  var people: IdentityV1.PersonServiceClient { .init(service.client) }
  var roles: IdentityV1.RoleServiceClient { .init(service.client) }
  var sessions: IdentityV1.SessionServiceClient { .init(service.client) }
  var certificates: IdentityV1.CertificateServiceClient { .init(service.client) }

  static func with(
    trust: TrustStore? = nil,
    settings: [String: String] = [:],
    _ body: (TestIdentity) async throws -> Void
  ) async throws {
    try await TestDatabase.with { database in
      let tokens = try TestTokens(in: database)
      let clock = TestClock()
      let settings = try Settings(
        settings.merging(["HOCBA_TRUST_FILE": ""]) { $1 },
        declared: IdentitySettings.all
      )
      let service = try await TestService("identity", over: database, clock: clock.clock) { kit in
        let passwords = try await PasswordGate(kit.database)
        let people = try PersonService(kit: kit, pages: PageTokens(), passwords: passwords)
        let sessions = SessionService(
          kit: kit,
          keys: TokenKeys(kit: kit, settings: settings),
          passwords: passwords
        )
        var handlers = try OrganizationService(kit: kit, pages: PageTokens()).handlers(kit)
        handlers += people.handlers(kit) + RoleService(kit: kit).handlers(kit)
        handlers += sessions.handlers(kit)
        if let trust { handlers += CertificateService(kit: kit, trust: trust).handlers(kit) }
        return handlers
      }
      let identity = TestIdentity(
        database: database,
        service: service,
        tokens: tokens,
        admin: try tokens.call(.administrator, at: SampleOrganizations.ministry),
        clock: clock
      )
      try await service.run { try await body(identity) }
    }
  }

  /// Makes a person with a first role, by the administrator.
  @discardableResult
  func person(
    _ login: String,
    _ kind: IdentityV1.RoleKind = .teacher,
    at organization: String = SampleOrganizations.secondary,
    name: String = "Nguyễn Thị Ánh",
    personalID: String = "",
    password: String = TestIdentity.password
  ) async throws -> IdentityV1.Person {
    try await people.createPerson(
      .init(
        person: .init(
          login: login,
          displayName: name,
          staffCode: "NS-\(login)",
          personalID: personalID
        ),
        role: .init(kind: kind, organization: "organizations/\(organization)"),
        password: password,
        requestID: TestTokens.id()
      ),
      options: admin
    )
  }

  func signIn(
    _ login: String,
    _ password: String = TestIdentity.password
  ) async throws -> IdentityV1.Session {
    try await sessions.signIn(.init(login: login, password: password))
  }

  /// Signs somebody in and gives what their calls carry.
  func session(_ login: String) async throws -> CallOptions {
    TestTokens.call(token: try await signIn(login).accessToken)
  }

  func day(_ offset: Int) -> String {
    ServiceClock { [clock] in clock.clock.now + TimeInterval(offset * 86_400) }.today
  }
}

/// Id in a resource name of two parts.
func id(_ name: String) -> String { String(name.split(separator: "/").last ?? "") }

func organization(_ id: String) -> String { "organizations/\(id)" }

/// SHA-256 of a request, as it is remembered.
func hex(of request: IdentityV1.CreatePersonRequest) -> String {
  Hex.encode(SHA256.digest(request.encoded()))
}
