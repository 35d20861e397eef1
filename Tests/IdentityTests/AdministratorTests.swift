import API
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Identity

@Suite struct AdministratorTests {
  private static func settings(password: String) throws -> Settings {
    let file = NSTemporaryDirectory() + "hocba-admin-" + TestTokens.id()
    try password.write(toFile: file, atomically: true, encoding: .utf8)
    return try Settings(
      ["HOCBA_TRUST_FILE": "", "HOCBA_ADMIN_PASSWORD_FILE": file],
      declared: IdentitySettings.all
    )
  }

  @Test func `an empty installation gets one administrator, however many begin at once`()
    async throws
  {
    try await TestIdentity.with { identity in
      try identity.database.run("TRUNCATE identity.organization CASCADE")
      let settings = try Self.settings(password: " \(TestIdentity.password)\n")
      let kit = identity.service.kit
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 1...3 { group.addTask { try await Administrator.ensure(in: kit, settings) } }
        try await group.waitForAll()
      }
      let session = try await identity.signIn("admin")
      #expect(session.roles.map(\.kind) == [.administrator])
      #expect(try identity.database.run("SELECT kind FROM identity.organization") == ["MINISTRY"])
      let other = try Self.settings(password: "một mật khẩu khác")
      try await Administrator.ensure(in: kit, other)
      _ = try await identity.signIn("admin")
    }
  }

  @Test func `a weak first password is refused`() async throws {
    try await TestIdentity.with { identity in
      let settings = try Self.settings(password: "admin admin admin")
      await #expect(throws: IdentityError.self) {
        try await Administrator.ensure(in: identity.service.kit, settings)
      }
    }
  }
}
