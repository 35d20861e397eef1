import API
import Crypto
import Foundation
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Identity

@Suite struct SessionServiceTests {
  private typealias Sample = SampleOrganizations

  @Test func `a session says who it is, in the token as in the answer`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt", .principal, personalID: "074190001234")
      let session = try await identity.signIn("anh.nt")
      #expect(session.person?.name == person.name)
      #expect(session.roles.map(\.kind) == [.principal])
      #expect(session.expireTime?.seconds == Int64(identity.clock.clock.seconds + 900))
      let options = TestTokens.call(token: session.accessToken)
      // Whoever has only the published keys can check the token.
      let list = try await identity.sessions.listTokenKeys(.init(), options: options)
      var keys: [String: PublicKey] = [:]
      for key in list.keys {
        let (x, y) = (Base64.decodeURL(key.x) ?? [], Base64.decodeURL(key.y) ?? [])
        keys[key.keyID] = try PublicKey(x: x, y: y)
      }
      let now = identity.clock.clock.seconds
      let caller = try AccessToken.caller(of: session.accessToken, keys: keys, now: now)
      #expect("people/\(caller.id)" == person.name)
      #expect(caller.displayName == person.displayName)
      #expect(caller.staffCode == "NS-anh.nt")
      #expect(caller.roles == [CallerRole(kind: .principal, organization: Sample.secondary)])
      let again = try await identity.sessions.getSession(.init(), options: options)
      #expect(again.accessToken.isEmpty)
      #expect(again.person == session.person)
      #expect(again.roles == session.roles)
      #expect(again.expireTime == session.expireTime)
      identity.clock.advance(by: 900)
      let late = try await refusal {
        try await identity.sessions.getSession(.init(), options: options)
      }
      #expect(late?.reason == "TOKEN_EXPIRED")
      #expect(late?.code == .unauthenticated)
    }
  }

  @Test func `unknown, wrong and without a password are told the same`() async throws {
    try await TestIdentity.with { identity in
      try await identity.person("anh.nt")
      try await identity.person("khong.mk", password: "")
      var answers: [Refused] = []
      for (login, password) in [
        ("khong.ai", TestIdentity.password), ("anh.nt", "sai mật khẩu rồi"), ("khong.mk", ""),
        ("ANH.NT", TestIdentity.password), ("", ""),
        ("anh.nt", String(repeating: "x", count: 2_000)),
      ] {
        let refused = try await refusal { try await identity.signIn(login, password) }
        answers.append(try #require(refused))
      }
      #expect(answers.allSatisfy { $0 == answers[0] })
      #expect(answers[0].reason == "CREDENTIALS_INVALID")
      #expect(answers[0].code == .unauthenticated)
    }
  }

  @Test func `the hash of nobody is one that takes as long to check as a real one`() async throws {
    try await TestIdentity.with { identity in
      let gate = try await PasswordGate(identity.service.kit.database)
      let real = try await PasswordHash.make(TestIdentity.password)
      // A hash of another form, or of other costs, would be refused without any work.
      func form(_ hash: String) -> [Substring] { hash.split(separator: "$").dropLast(2) }
      #expect(form(gate.nobody) == form(real))
      #expect(gate.nobody.utf8.count == real.utf8.count)
      #expect(!(try await gate.isRight("", of: "nobody", hash: "")))
    }
  }

  @Test(arguments: ["anh.nt", "khong.ai"])
  func `guessing locks a login, whether anybody has it or not`(login: String) async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt")
      let refused = try await withThrowingTaskGroup(of: Refused?.self) { group in
        for number in 1...16 {
          group.addTask {
            try await refusal { try await identity.signIn(login, "mật khẩu sai \(number)") }
          }
        }
        return try await group.reduce(into: [String: Int]()) {
          $0[$1?.reason ?? "", default: 0] += 1
        }
      }
      #expect(refused == ["CREDENTIALS_INVALID": 10, "TOO_MANY_ATTEMPTS": 6])
      let locked = try #require(try await refusal { try await identity.signIn(login) })
      #expect(locked.reason == "TOO_MANY_ATTEMPTS")
      #expect(locked.code == .resourceExhausted)
      #expect((1...30).contains(try #require(locked.retryAfter)))
      try identity.database.run("UPDATE identity.password_attempt SET locked_until = now()")
      let after = try await refusal { try await identity.signIn(login) }
      #expect(after?.reason == (login == "anh.nt" ? nil : "CREDENTIALS_INVALID"))
      if login == "anh.nt" {
        #expect(try identity.database.run("SELECT FROM identity.password_attempt").isEmpty)
      }
      // A new password from an administrator opens the account again.
      try identity.database.run("UPDATE identity.password_attempt SET count = 20")
      _ = try await identity.people.setPassword(
        .init(
          name: person.name,
          newPassword: "mật khẩu thứ hai",
          requestID: TestTokens.id()
        ),
        options: identity.admin
      )
      _ = try await identity.signIn("anh.nt", "mật khẩu thứ hai")
    }
  }

  @Test func `a stolen token does not help to guess the password`() async throws {
    try await TestIdentity.with { identity in
      let person = try await identity.person("anh.nt")
      let own = try await identity.session("anh.nt")
      var reasons: [String?] = []
      for number in 1...11 {
        let refused = try await refusal {
          try await identity.people.setPassword(
            .init(
              name: person.name,
              currentPassword: "mật khẩu sai \(number)",
              newPassword: "mật khẩu thứ hai",
              requestID: TestTokens.id()
            ),
            options: own
          )
        }
        reasons.append(refused?.reason)
      }
      #expect(reasons.prefix(10).allSatisfy { $0 == "NOT_ALLOWED" })
      #expect(reasons.last == "TOO_MANY_ATTEMPTS")
    }
  }

  @Test func `a key signs until its time, and is trusted until its last token ends`() async throws {
    try await TestIdentity.with { identity in
      try await identity.person("anh.nt")
      func kid(_ token: String) throws -> String {
        let header = try #require(Base64.decodeURL(String(token.split(separator: ".")[0])))
        let text = String(decoding: header, as: UTF8.self)
        return String(try #require(text.split(separator: "\"").dropFirst(7).first))
      }
      let first = try await identity.signIn("anh.nt").accessToken
      #expect(try kid(try await identity.signIn("anh.nt").accessToken) == kid(first))
      let lives = try identity.database.run(
        """
        SELECT sign_until - start_time, expire_time - sign_until FROM identity.token_key
         WHERE key_id = '\(try kid(first))'
        """
      )
      #expect(lives == ["1 day|00:15:00"])
      try identity.database.run("UPDATE identity.token_key SET sign_until = now()")
      let second = try await identity.signIn("anh.nt").accessToken
      #expect(try kid(second) != kid(first))
      identity.clock.advance(by: 11)
      for token in [first, second] {
        let options = TestTokens.call(token: token)
        _ = try await identity.sessions.getSession(.init(), options: options)
      }
      let listed = try await identity.sessions.listTokenKeys(
        .init(),
        options: TestTokens.call(token: second)
      )
      #expect(listed.keys.first?.keyID == (try kid(second)))
      try identity.database.run(
        "UPDATE identity.token_key SET expire_time = now() WHERE key_id = '\(try kid(first))'"
      )
      identity.clock.advance(by: 11)
      let refused = try await refusal {
        try await identity.sessions.getSession(.init(), options: TestTokens.call(token: first))
      }
      #expect(refused?.reason == "TOKEN_INVALID")
    }
  }
}
