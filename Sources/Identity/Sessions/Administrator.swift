import Foundation
import Logging
import Postgres
import ServiceKit

/// The first administrator and the root of the tree: what a new installation begins with.
enum Administrator {
  /// Makes the ministry and `admin`, if there is nobody yet and a first password is given.
  ///
  /// Harmless when repeated, also by two processes at once: the login is unique, and one is second.
  static func ensure(in kit: Kit, _ settings: Settings) async throws {
    let path = settings[IdentitySettings.adminPasswordFile]
    guard !path.isEmpty, try await kit.database.hasNobody() else { return }
    let password = try String(contentsOf: URL(filePath: path), encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let hash = try await Password.hash(password, login: "admin")
    let root = try ResourceID.make(now: kit.clock.now)
    let person = try ResourceID.make(now: kit.clock.now)
    let role = NewRole(
      id: try ResourceID.make(now: kit.clock.now),
      kind: .administrator,
      organization: root,
      startDate: kit.clock.today,
      endDate: nil
    )
    do {
      try await kit.database.transaction { transaction in
        try await transaction.insertRoot(root, name: "Bộ Giáo dục và Đào tạo", on: "2000-01-01")
        try await transaction.insertAdministrator(person, passwordHash: hash)
        try await transaction.insert(role, of: person)
      }
    } catch StoreError.constraint {
      return
    }
    kit.logger.notice("made the first administrator", metadata: ["login": "admin"])
  }
}
