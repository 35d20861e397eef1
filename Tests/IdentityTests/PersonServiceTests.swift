import API
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Identity

@Suite struct PersonServiceTests {
  private typealias Sample = SampleOrganizations

  @Test func `a person is made with a first role, once a request`() async throws {
    try await TestIdentity.with { identity in
      var request = IdentityV1.CreatePersonRequest(
        person: .init(
          login: "anh.nt",
          displayName: "  Nguyễn Thị A\u{301}nh ",
          staffCode: "NS1",
          personalID: "074190001234",
          email: "anh@example.vn"
        ),
        role: .init(kind: .teacher, organization: organization(Sample.secondary)),
        password: TestIdentity.password,
        requestID: TestTokens.id()
      )
      let made = try await identity.people.createPerson(request, options: identity.admin)
      #expect(made.displayName == "Nguyễn Thị Ánh")
      #expect(made.personalID == "074190001234")
      #expect(try await identity.people.createPerson(request, options: identity.admin) == made)
      let roles = try await identity.roles.listRoles(
        .init(parent: made.name),
        options: identity.admin
      ).roles
      #expect(roles.map(\.kind) == [.teacher])
      #expect(roles.map(\.organization) == [organization(Sample.secondary)])
      #expect(roles.map(\.startDate) == [identity.day(0)])
      request.person?.email = "khac@example.vn"
      let reused = try await refusal {
        try await identity.people.createPerson(request, options: identity.admin)
      }
      #expect(reused?.reason == "REQUEST_ID_REUSED")
      request.requestID = TestTokens.id()
      let taken = try await refusal {
        try await identity.people.createPerson(request, options: identity.admin)
      }
      #expect(taken?.reason == "LOGIN_TAKEN")
      #expect(taken?.fields == ["person.login"])
    }
  }

  @Test func `nothing that is stored of a request helps to guess its password`() async throws {
    try await TestIdentity.with { identity in
      let requests = [TestIdentity.password, "mật khẩu khác hẳn"].map { password in
        IdentityV1.CreatePersonRequest(
          person: .init(login: "a\(password.count)", displayName: "A"),
          role: .init(kind: .teacher, organization: organization(Sample.primary)),
          password: password,
          requestID: TestTokens.id()
        )
      }
      for request in requests {
        _ = try await identity.people.createPerson(request, options: identity.admin)
        var stripped = request
        stripped.password = ""
        let stored = try identity.database.run(
          """
          SELECT encode(fingerprint, 'hex') FROM identity.request WHERE id = '\(request.requestID)'
          """
        )
        #expect(stored == [hex(of: stripped)])
      }
    }
  }

  @Test func `what is wrong is named`() async throws {
    try await TestIdentity.with { identity in
      var wrong: [(String, IdentityV1.CreatePersonRequest)] = []
      func add(_ field: String, _ change: (inout IdentityV1.CreatePersonRequest) -> Void) {
        var request = IdentityV1.CreatePersonRequest(
          person: .init(login: "nguoi", displayName: "Người"),
          role: .init(kind: .teacher, organization: organization(Sample.primary)),
          password: TestIdentity.password,
          requestID: TestTokens.id()
        )
        change(&request)
        wrong.append((field, request))
      }
      add("person.login") { $0.person?.login = "ab" }
      add("person.login") { $0.person?.login = "Nguoi" }
      add("person.login") { $0.person?.login = String(repeating: "a", count: 101) }
      add("person.display_name") { $0.person?.displayName = "" }
      add("person.display_name") { $0.person?.displayName = "a\u{7}b" }
      add("person.personal_id") { $0.person?.personalID = "12345" }
      add("person.email") { $0.person?.email = "a b@c" }
      add("role.kind") { $0.role?.kind = .unspecified }
      add("role.kind") { $0.role?.kind = .officer }
      add("role.organization") { $0.role?.organization = "" }
      add("request_id") { $0.requestID = "" }
      add("password") { $0.password = "ngắn" }
      add("password") { $0.password = String(repeating: "x", count: 129) }
      add("password") { $0.password = String(repeating: "👩‍👩‍👧‍👦", count: 100) }
      add("password") { $0.password = "đây là NGUOI giữ" }
      for (field, request) in wrong {
        let refused = try await refusal {
          try await identity.people.createPerson(request, options: identity.admin)
        }
        #expect(refused?.code == .invalidArgument, "\(field)")
        #expect(refused?.fields == [field])
      }
    }
  }

  @Test func `an administrator acts at the own place and below, nowhere else`() async throws {
    try await TestIdentity.with { identity in
      let district = try identity.tokens.call(.administrator, at: Sample.district)
      func create(at place: String, _ kind: IdentityV1.RoleKind) async throws -> String? {
        try await refusal {
          try await identity.people.createPerson(
            .init(
              person: .init(login: "p\(TestTokens.id())", displayName: "Người"),
              role: .init(kind: kind, organization: organization(place)),
              requestID: TestTokens.id()
            ),
            options: district
          )
        }?.reason
      }
      #expect(try await create(at: Sample.primary, .principal) == nil)
      #expect(try await create(at: Sample.district, .administrator) == nil)
      #expect(try await create(at: Sample.province, .administrator) == "NOT_ALLOWED")
      #expect(try await create(at: Sample.otherSecondary, .teacher) == "NOT_ALLOWED")
      #expect(try await create(at: TestTokens.id(), .teacher) == "NOT_ALLOWED")
      #expect(try await create(at: Sample.district, .principal) == "FIELD_INVALID")
    }
  }

  @Test func `a personal id is shown to the person and to who manages people`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt", personalID: "074190001234")
      let own = try await identity.session("anh.nt")
      let principal = try identity.tokens.call(.principal, at: Sample.secondary)
      for (options, shown) in [(identity.admin, true), (own, true), (principal, false)] {
        let got = try await identity.people.getPerson(.init(name: person.name), options: options)
        #expect(got.personalID == (shown ? "074190001234" : ""))
      }
      for other in [RoleKind.principal, .administrator] {
        let stranger = try identity.tokens.call(other, at: Sample.otherSecondary)
        let refused = try await refusal {
          try await identity.people.getPerson(.init(name: person.name), options: stranger)
        }
        #expect(refused?.reason == "NOT_ALLOWED")
      }
    }
  }

  @Test func `people are listed by login, page by page, for one list only`() async throws {
    try await TestIdentity.with { identity in
      for login in ["dung", "anh", "canh"] { try await identity.person(login, password: "") }
      try await identity.person("khac", at: Sample.otherSecondary, password: "")
      let clerk = try identity.tokens.call(.clerk, at: Sample.secondary)
      let parent = organization(Sample.secondary)
      var logins: [[String]] = []
      var request = IdentityV1.ListPeopleRequest(parent: parent, pageSize: 2)
      repeat {
        let page = try await identity.people.listPeople(request, options: clerk)
        logins.append(page.people.map(\.login))
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(logins == [["anh", "canh"], ["dung"]])
      let first = try await identity.people.listPeople(
        .init(parent: parent, pageSize: 1),
        options: identity.admin
      )
      let bent = try await refusal {
        try await identity.people.listPeople(
          .init(parent: organization(Sample.district), pageToken: first.nextPageToken),
          options: identity.admin
        )
      }
      #expect(bent?.reason == "PAGE_TOKEN_INVALID")
    }
  }

  @Test func `one's address is one's own, one's name and account are not`() async throws {
    try await TestIdentity.with { identity in
      var person = try await identity.person("anh.nt")
      let own = try await identity.session("anh.nt")
      func update(_ paths: [String], by options: CallOptions) async throws -> Refused? {
        try await refusal {
          person = try await identity.people.updatePerson(
            .init(person: person, updateMask: .init(paths: paths), requestID: TestTokens.id()),
            options: options
          )
        }
      }
      person.email = "moi@example.vn"
      #expect(try await update(["email"], by: own) == nil)
      person.displayName = "Tên Khác"
      #expect(try await update(["display_name"], by: own)?.reason == "NOT_ALLOWED")
      #expect(try await update(["display_name"], by: identity.admin) == nil)
      person.disabled = true
      #expect(try await update(["disabled"], by: own)?.reason == "NOT_ALLOWED")
      #expect(try await update(["disabled"], by: identity.admin) == nil)
      let closed = try await refusal { try await identity.signIn("anh.nt") }
      #expect(closed?.reason == "CREDENTIALS_INVALID")
      person.etag = "1"
      #expect(try await update(["email"], by: identity.admin)?.reason == "ETAG_MISMATCH")
    }
  }

  @Test func `a password is changed with the present one, or by who manages people`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt")
      let own = try await identity.session("anh.nt")
      func set(
        _ current: String,
        _ new: String,
        by options: CallOptions,
        request: String = TestTokens.id()
      ) async throws -> String? {
        try await refusal {
          try await identity.people.setPassword(
            .init(
              name: person.name,
              currentPassword: current,
              newPassword: new,
              requestID: request
            ),
            options: options
          )
        }?.reason
      }
      let (second, third) = ["mật khẩu thứ hai", "mật khẩu thứ ba!"].pair
      #expect(try await set("", second, by: own) == "NOT_ALLOWED")
      #expect(try await set("sai hoàn toàn 123", second, by: own) == "NOT_ALLOWED")
      #expect(try await set(TestIdentity.password, "ngắn", by: own) == "PASSWORD_TOO_WEAK")
      let request = TestTokens.id()
      #expect(try await set(TestIdentity.password, second, by: own, request: request) == nil)
      // The answer may have been lost: the same call again is no wrong password.
      #expect(try await set(TestIdentity.password, second, by: own, request: request) == nil)
      _ = try await identity.signIn("anh.nt", second)
      let principal = try identity.tokens.call(.principal, at: Sample.secondary)
      #expect(try await set("", third, by: principal) == "NOT_ALLOWED")
      let school = try identity.tokens.call(.administrator, at: Sample.secondary)
      #expect(try await set("", third, by: school) == nil)
      _ = try await identity.signIn("anh.nt", third)
      let other = try identity.tokens.call(.administrator, at: Sample.primary)
      #expect(try await set("", second, by: other) == "NOT_ALLOWED")
    }
  }

  @Test func `an administrator of a school does not reach who also acts above it`() async throws {
    try await TestIdentity.with { identity in
      let boss = try await identity.person("boss", .administrator, at: Sample.district)
      _ = try await identity.roles.grantRole(
        .init(
          parent: boss.name,
          role: .init(kind: .teacher, organization: organization(Sample.secondary)),
          requestID: TestTokens.id()
        ),
        options: identity.admin
      )
      let school = try identity.tokens.call(.administrator, at: Sample.secondary)
      let refused = try await refusal {
        try await identity.people.setPassword(
          .init(
            name: boss.name,
            newPassword: "mật khẩu thứ hai",
            requestID: TestTokens.id()
          ),
          options: school
        )
      }
      #expect(refused?.reason == "NOT_ALLOWED")
    }
  }
}

extension [String] {
  fileprivate var pair: (String, String) { (self[0], self[1]) }
}
