import API
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Identity

@Suite struct RoleServiceTests {
  private typealias Sample = SampleOrganizations

  private static func grant(
    _ kind: IdentityV1.RoleKind,
    at place: String = SampleOrganizations.secondary,
    to person: String,
    from: String = "",
    until: String = ""
  ) -> IdentityV1.GrantRoleRequest {
    .init(
      parent: person,
      role: .init(
        kind: kind,
        organization: organization(place),
        startDate: from,
        endDate: until
      ),
      requestID: TestTokens.id()
    )
  }

  @Test func `a role counts from its first day to its last`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt")
      func grant(_ kind: IdentityV1.RoleKind, _ from: Int, _ until: Int?) async throws {
        _ = try await identity.roles.grantRole(
          Self.grant(
            kind,
            to: person.name,
            from: identity.day(from),
            until: until.map { identity.day($0) } ?? ""
          ),
          options: identity.admin
        )
      }
      try await grant(.clerk, -10, -1)
      try await grant(.principal, 1, nil)
      try await grant(.deputyPrincipal, -10, 0)
      let session = try await identity.signIn("anh.nt")
      #expect(Set(session.roles.map(\.kind)) == [.teacher, .deputyPrincipal])
      identity.clock.advance(by: 86_400)
      let tomorrow = try await identity.signIn("anh.nt")
      #expect(Set(tomorrow.roles.map(\.kind)) == [.teacher, .principal])
    }
  }

  @Test func `nobody grants beyond the own place, and nobody to themselves`() async throws {
    try await TestIdentity.with { identity in
      let target = try await identity.person("anh.nt")
      let admin = try await identity.person("quan.tri", .administrator, at: Sample.secondary)
      let school = try await identity.session("quan.tri")
      func grant(
        _ kind: IdentityV1.RoleKind,
        at place: String = Sample.secondary,
        to person: String
      ) async throws -> String? {
        try await refusal {
          try await identity.roles.grantRole(
            Self.grant(kind, at: place, to: person),
            options: school
          )
        }?.reason
      }
      #expect(try await grant(.clerk, to: target.name) == nil)
      for place in [Sample.district, Sample.ministry, Sample.primary, Sample.otherSecondary] {
        #expect(try await grant(.administrator, at: place, to: target.name) == "NOT_ALLOWED")
        #expect(try await grant(.administrator, at: place, to: admin.name) == "NOT_ALLOWED")
      }
      #expect(try await grant(.principal, to: admin.name) == "NOT_ALLOWED")
      #expect(try await grant(.officer, to: target.name) == "FIELD_INVALID")
      #expect(try await grant(.clerk, to: "people/\(TestTokens.id())") == "NOT_ALLOWED")
      let own = try await identity.session("anh.nt")
      let byTeacher = try await refusal {
        try await identity.roles.grantRole(
          Self.grant(.principal, to: target.name),
          options: own
        )
      }
      #expect(byTeacher?.reason == "NOT_ALLOWED")
    }
  }

  @Test func `a head of a school is one in a school only`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt")
      for kind in [IdentityV1.RoleKind.principal, .deputyPrincipal, .clerk, .teacher] {
        let refused = try await refusal {
          try await identity.roles.grantRole(
            Self.grant(kind, at: Sample.district, to: person.name),
            options: identity.admin
          )
        }
        #expect(refused?.fields == ["role.kind"])
      }
    }
  }

  @Test func `dates are dates, and the last is not before the first`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt")
      for (field, from, until) in [
        ("role.start_date", "hôm nay", ""), ("role.end_date", "", "2023-13-01"),
        ("role.end_date", "2023-09-05", "2023-09-04"),
      ] {
        let refused = try await refusal {
          try await identity.roles.grantRole(
            Self.grant(.clerk, to: person.name, from: from, until: until),
            options: identity.admin
          )
        }
        #expect(refused?.fields == [field])
      }
    }
  }

  @Test func `a role ends once, and gives nothing from the next day on`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt", .principal)
      let role = try #require(
        try await identity.roles.listRoles(.init(parent: person.name), options: identity.admin)
          .roles.first
      )
      func end(_ day: String, by options: CallOptions) async throws -> Refused? {
        try await refusal {
          try await identity.roles.endRole(
            .init(name: role.name, endDate: day, requestID: TestTokens.id()),
            options: options
          )
        }
      }
      let stranger = try identity.tokens.call(.administrator, at: Sample.otherDistrict)
      #expect(try await end("", by: stranger)?.reason == "NOT_ALLOWED")
      #expect(try await end("2000-01-01", by: identity.admin)?.fields == ["end_date"])
      #expect(try await end("", by: identity.admin) == nil)
      #expect(try await end("", by: identity.admin)?.reason == "ROLE_ENDED")
      #expect(try await identity.signIn("anh.nt").roles.count == 1)
      identity.clock.advance(by: 86_400)
      #expect(try await identity.signIn("anh.nt").roles.isEmpty)
    }
  }
}
