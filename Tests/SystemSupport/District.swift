import API
package import Foundation

/// A district's folder: a folder a school, with its workbooks.
package struct District: Sendable {
  /// One school.
  package struct School: Sendable {
    /// Its code.
    package let code: String
    /// Whether it is a primary school.
    package let isPrimary: Bool
    /// Its workbooks in the order in which they can be brought in.
    package let workbooks: [URL]
  }

  /// The schools, by code.
  package let schools: [School]
  /// What the circulars make of it, as text.
  package let expected: URL

  /// Reads the folder.
  package init(_ folder: URL) throws {
    let files = FileManager.default
    expected = folder.appending(path: "expected.json")
    schools = try files.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { files.fileExists(atPath: $0.appending(path: "truong.json").plainPath) }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { school in
        let workbooks = try files.contentsOfDirectory(at: school, includingPropertiesForKeys: nil)
          .filter { $0.pathExtension == "xlsx" }
          .sorted { ($0.isRoster ? 0 : 1, $0.plainPath) < ($1.isRoster ? 0 : 1, $1.plainPath) }
        return School(
          code: school.lastPathComponent,
          isPrimary: workbooks.contains { $0.lastPathComponent.hasPrefix("tong-hop") },
          workbooks: workbooks
        )
      }
  }
}

extension URL {
  fileprivate var isRoster: Bool { lastPathComponent == "ho-so-truong.xlsx" }
}

extension Installation {
  /// The first administrator, signed in.
  package func administrator() async throws -> Office {
    let password = try String(contentsOfFile: path("secrets/admin.password"), encoding: .utf8)
    return try await Office(
      self,
      login: "admin",
      password: password.trimmingCharacters(in: .whitespacesAndNewlines)
    )
  }

  /// A new account that reads and brings in what is below the whole tree, signed in.
  ///
  /// A service may send it `windowBytes` ahead of its reader.
  package func newOfficer(windowBytes: Int = 65_535) async throws -> Office {
    let admin = try await administrator()
    let login = "can-bo-\(UInt32.random(in: 0 ... .max))"
    let password = UUID().uuidString
    try await admin.makePerson(
      login: login,
      password: password,
      .officer,
      of: try await admin.organization("BGDDT")
    )
    await admin.close()
    return try await Office(
      self,
      login: login,
      password: password,
      windowBytes: windowBytes
    )
  }

  /// Makes the organisations of a district, and an officer who may bring in its workbooks.
  ///
  /// - Returns: The officer, and the resource names of the schools by code.
  package func open(_ district: District) async throws -> (Office, [String: String]) {
    let admin = try await administrator()
    let ministry = try await admin.organization("BGDDT")
    let province = try await admin.makeOrganization("99", .province, below: ministry)
    var names: [String: String] = [:]
    for school in district.schools {
      names[school.code] = try await admin.makeOrganization(
        school.code,
        .school,
        below: province,
        levels: [school.isPrimary ? .primary : .lowerSecondary]
      )
    }
    let password = UUID().uuidString
    try await admin.makePerson(login: "chuyen-vien", password: password, .officer, of: province)
    try Data(password.utf8).write(to: state.appending(path: "secrets/officer.password"))
    await admin.close()
    _ = try await hocba(
      "login",
      "--login",
      "chuyen-vien",
      "--password-file",
      path("secrets/officer.password"),
      "--identity",
      "127.0.0.1:\(firstPort)",
      "--records",
      "127.0.0.1:\(firstPort + 1)",
      "--signing",
      "127.0.0.1:\(firstPort + 2)",
      "--reporting",
      "127.0.0.1:\(firstPort + 3)",
      "--tls-ca",
      path("tls/ca.crt")
    )
    return (
      try await Office(self, login: "chuyen-vien", password: password), names
    )
  }
}
