import API
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Identity

@Suite struct OrganizationServiceTests {
  private typealias Sample = SampleOrganizations

  private static func school(
    _ code: String,
    parent: String = SampleOrganizations.district,
    from: String = "",
    to: String = ""
  ) -> IdentityV1.Organization {
    .init(
      code: code,
      displayName: "Trường Tiểu học Mới",
      kind: .school,
      parent: organization(parent),
      validFrom: from,
      validTo: to,
      levels: [.primary]
    )
  }

  private static func create(
    _ organization: IdentityV1.Organization
  ) -> IdentityV1.CreateOrganizationRequest {
    .init(organization: organization, requestID: TestTokens.id())
  }

  @Test func `a school is made as it was asked for, and found by its code`() async throws {
    try await TestIdentity.with { identity in
      let asked = Self.school("74725102", from: "2023-09-05", to: "2030-05-31")
      let made = try await identity.organizations.createOrganization(
        Self.create(asked),
        options: identity.admin
      )
      var expected = asked
      expected.name = made.name
      expected.etag = "1"
      #expect(made == expected)
      let got = try await identity.organizations.getOrganization(
        .init(name: made.name),
        options: identity.admin
      )
      #expect(got == made)
      let listed = try await identity.organizations.listOrganizations(
        .init(code: "74725102"),
        options: identity.admin
      )
      #expect(listed.organizations == [made])
    }
  }

  @Test func `what is wrong is named`() async throws {
    try await TestIdentity.with { identity in
      var wrong: [(String, IdentityV1.Organization)] = []
      func add(_ field: String, _ change: (inout IdentityV1.Organization) -> Void) {
        var school = Self.school("74725102")
        change(&school)
        wrong.append((field, school))
      }
      add("organization.code") { $0.code = "" }
      add("organization.code") { $0.code = "có dấu" }
      add("organization.code") { $0.code = String(repeating: "1", count: 33) }
      add("organization.display_name") { $0.displayName = " \u{A0}" }
      add("organization.display_name") { $0.displayName = String(repeating: "x", count: 201) }
      add("organization.kind") { $0.kind = .ministry }
      add("organization.kind") { $0.kind = .unspecified }
      add("organization.levels") { $0.levels = [] }
      add("organization.levels") { $0.levels = [.unspecified] }
      add("organization.levels") { $0.kind = .district }
      add("organization.valid_from") { $0.validFrom = "2023-02-29" }
      add("organization.valid_from") { $0.validFrom = "5/9/2023" }
      add("organization.valid_to") {
        $0.validFrom = "2023-09-05"
        $0.validTo = "2023-09-04"
      }
      add("organization.parent") { $0.parent = "district" }
      add("organization.parent") { $0.parent = organization(Sample.primary) }
      for (field, school) in wrong {
        let refused = try await refusal {
          try await identity.organizations.createOrganization(
            Self.create(school),
            options: identity.admin
          )
        }
        #expect(refused?.code == .invalidArgument)
        #expect(refused?.fields == [field])
      }
    }
  }

  @Test func `a code names one unit at a time, and may come back`() async throws {
    try await TestIdentity.with { identity in
      func create(_ school: IdentityV1.Organization) async throws -> String? {
        try await refusal {
          try await identity.organizations.createOrganization(
            Self.create(school),
            options: identity.admin
          )
        }?.reason
      }
      let taken = "ORGANIZATION_CODE_TAKEN"
      #expect(try await create(Self.school("74725101")) == taken)
      #expect(try await create(Self.school("9", from: "2020-01-01", to: "2030-12-31")) == nil)
      #expect(try await create(Self.school("9", from: "2030-12-31")) == taken)
      #expect(try await create(Self.school("9", from: "2031-01-01")) == nil)
      let list = try await identity.organizations.listOrganizations(
        .init(code: "9"),
        options: identity.admin
      )
      var first = try #require(list.organizations.first { $0.validFrom == "2020-01-01" })
      first.validTo = "2031-01-01"
      let later = try await refusal {
        try await identity.organizations.updateOrganization(
          .init(
            organization: first,
            updateMask: .init(paths: ["valid_to"]),
            requestID: TestTokens.id()
          ),
          options: identity.admin
        )
      }
      #expect(later?.reason == taken)
    }
  }

  @Test func `a change needs the present state, and is on record`() async throws {
    try await TestIdentity.with { identity in
      var school = try await identity.organizations.getOrganization(
        .init(name: organization(Sample.primary)),
        options: identity.admin
      )
      school.displayName = "Trường Tiểu học Đổi tên"
      let request = IdentityV1.UpdateOrganizationRequest(
        organization: school,
        updateMask: .init(paths: ["display_name"]),
        requestID: TestTokens.id()
      )
      let changed = try await identity.organizations.updateOrganization(
        request,
        options: identity.admin
      )
      #expect(changed.displayName == "Trường Tiểu học Đổi tên")
      #expect(changed.etag != school.etag)
      var again = request
      again.requestID = TestTokens.id()
      let refused = try await refusal {
        try await identity.organizations.updateOrganization(again, options: identity.admin)
      }
      #expect(refused?.reason == "ETAG_MISMATCH")
      #expect(refused?.code == .aborted)
      let states = try identity.database.run(
        "SELECT before <> '' AND after <> '' AND before <> after FROM identity.audit"
      )
      #expect(states == ["t"])
    }
  }

  @Test func `only the named fields change, and only those that may`() async throws {
    try await TestIdentity.with { identity in
      var school = try await identity.organizations.getOrganization(
        .init(name: organization(Sample.primary)),
        options: identity.admin
      )
      school.validTo = "1999-12-31"
      for paths in [[], ["code"], ["display_name", "kind"], ["valid_to"]] {
        let refused = try await refusal {
          try await identity.organizations.updateOrganization(
            .init(
              organization: school,
              updateMask: .init(paths: paths),
              requestID: TestTokens.id()
            ),
            options: identity.admin
          )
        }
        #expect(refused?.code == .invalidArgument, "\(paths)")
      }
    }
  }

  @Test func `a unit moves only by who may act where it was and where it goes`() async throws {
    try await TestIdentity.with { identity in
      let place = organization(Sample.primary)
      func move(to parent: String, by options: CallOptions) async throws -> Refused? {
        try await refusal {
          var school = try await identity.organizations.getOrganization(
            .init(name: place),
            options: identity.admin
          )
          school.parent = organization(parent)
          let moved = try await identity.organizations.updateOrganization(
            .init(
              organization: school,
              updateMask: .init(paths: ["parent"]),
              requestID: TestTokens.id()
            ),
            options: options
          )
          #expect(moved.parent == organization(parent))
        }
      }
      let ofSchool = try identity.tokens.call(.administrator, at: Sample.primary)
      let ofDistrict = try identity.tokens.call(.administrator, at: Sample.district)
      // Who runs the school and the other district, but not the one that would lose the school.
      let ofBoth = try identity.tokens.call(
        Caller(
          id: TestTokens.id(),
          displayName: "Hai nơi",
          staffCode: "",
          roles: [
            CallerRole(kind: .administrator, organization: Sample.primary),
            CallerRole(kind: .administrator, organization: Sample.otherDistrict),
          ],
          expiry: ServiceClock.system.seconds + 600
        )
      )
      for options in [ofSchool, ofDistrict, ofBoth] {
        #expect(try await move(to: Sample.otherDistrict, by: options)?.reason == "NOT_ALLOWED")
      }
      let below = try await move(to: Sample.secondary, by: identity.admin)
      #expect(below?.fields == ["organization.parent"])
      let itself = try await move(to: Sample.primary, by: identity.admin)
      #expect(itself?.fields == ["organization.parent"])
      #expect(try await move(to: Sample.otherDistrict, by: identity.admin) == nil)
    }
  }

  @Test func `a list shows what is the caller's, page by page`() async throws {
    try await TestIdentity.with { identity in
      let officer = try identity.tokens.call(.officer, at: Sample.district)
      var codes: [String] = []
      var request = IdentityV1.ListOrganizationsRequest(pageSize: 2)
      repeat {
        let page = try await identity.organizations.listOrganizations(request, options: officer)
        codes += page.organizations.map(\.code)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(codes == ["725", "74725101", "74725501"])
      let first = try await identity.organizations.listOrganizations(
        .init(pageSize: 1),
        options: officer
      )
      let bent = try await refusal {
        try await identity.organizations.listOrganizations(
          .init(
            parent: organization(Sample.district),
            pageSize: 1,
            pageToken: first.nextPageToken
          ),
          options: officer
        )
      }
      #expect(bent?.reason == "PAGE_TOKEN_INVALID")
      let other = try await refusal {
        try await identity.organizations.listOrganizations(
          .init(parent: organization(Sample.otherDistrict)),
          options: officer
        )
      }
      #expect(other?.reason == "NOT_ALLOWED")
    }
  }
}
