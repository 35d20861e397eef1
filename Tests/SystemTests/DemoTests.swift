import Foundation
import SystemSupport
import TestTools
import Testing

extension SystemTests.AfterDemo {
  /// From workbooks to sealed transcripts.
  @Suite struct DemoTests {
    /// The signed files, by pupil code, and what is in them.
    private func files(_ installation: Installation) throws -> [String: URL] {
      let folder = installation.state.appending(path: "out")
      let files = try FileManager.default.contentsOfDirectory(
        at: folder,
        includingPropertiesForKeys: nil
      )
      return Dictionary(
        uniqueKeysWithValues: files.filter { $0.pathExtension == "xml" }
          .map { (String($0.lastPathComponent.prefix { $0 != "-" }), $0) }
      )
    }

    private struct Expected: Decodable {
      struct Pupil: Decodable { let grade: Int }
      let students: [String: Pupil]
    }

    private func grades() throws -> [String: Int] {
      let file = Repository.district.appending(path: "expected.json")
      return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file)).students
        .mapValues(\.grade)
    }

    /// How `xmlsec1`, which is not ours, judges a file.
    private func xmlsec(_ file: URL, _ installation: Installation) async throws -> Outcome {
      try await Program.run(
        "/usr/bin/env",
        [
          "xmlsec1", "--verify", "--trusted-pem", installation.path("pki/ca.crt"),
          "--id-attr:Id", "Payload", "--id-attr:Id", "SignedProperties",
          "--id-attr:Id", "SignatureValue", "--node-xpath", "/*/*[2]/*[last()]/*",
          file.plainPath,
        ]
      )
    }

    @Test func `all 241 pupils come out as the circulars have it`() async throws {
      let expected = Repository.district.appending(path: "expected.json")
      #expect(try grades().count == 241)
      try await demonstrated().expectResults(of: "2022-2023", toBe: expected)
    }

    @Test func `each pupil of the roll-out has a file, and nobody else`() throws {
      let files = try files(demonstrated())
      let wanted = try grades().filter { $0.value != 2 }.keys
      #expect(Set(files.keys) == Set(wanted))
      for (code, file) in files { #expect(file.lastPathComponent == "\(code)-2022-2023.xml") }
    }

    @Test func `xmlsec1 accepts every file`() async throws {
      let installation = try demonstrated()
      let files = try files(installation)
      try #require(files.count == 164)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, file) in files.values.enumerated() {
          if index >= 4 { try await group.next() }
          group.addTask {
            let outcome = try await xmlsec(file, installation)
            #expect(outcome.status == 0, "\(file.lastPathComponent): \(outcome.errors)")
          }
        }
        try await group.waitForAll()
      }
    }

    @Test func `hocba verify accepts every file`() async throws {
      let installation = try demonstrated()
      for file in try files(installation).values.prefix(12) {
        let outcome = try await installation.hocba(
          "verify",
          file.plainPath,
          "--trust",
          installation.path("pki/ca.crt")
        )
        #expect(outcome.status == 0, "\(file.lastPathComponent): \(outcome.output)")
      }
    }

    @Test func `one changed character makes both refuse, with a reason`() async throws {
      let installation = try demonstrated()
      let file = try #require(try files(installation)["7400100241"])
      let text = try String(contentsOf: file, encoding: .utf8)
      // A score of the document: the first digit after the name of its attribute or element.
      let mark = try #require(text.firstMatch(of: /[>"](8|9)\.[0-9][<"]/))
      let place = text.index(after: mark.range.lowerBound)
      var changed = text
      changed.replaceSubrange(place...place, with: text[place] == "8" ? "9" : "8")
      let forged = installation.state.appending(path: "forged.xml")
      try Data(changed.utf8).write(to: forged)

      let foreign = try await xmlsec(forged, installation)
      #expect(foreign.status != 0)
      #expect(foreign.errors.contains("data do not match") || foreign.errors.contains("FAIL"))
      let own = try await installation.hocba(
        "verify",
        forged.plainPath,
        "--trust",
        installation.path("pki/ca.crt"),
        "--json"
      )
      #expect(own.status != 0)
      #expect(own.output.contains("HASH_FAILURE"), "\(own.output) \(own.errors)")
    }

    @Test func `a second run works as the first`() async throws {
      let installation = try demonstrated()
      let before = try Set(files(installation).keys)
      try await installation.demo(Repository.district)
      #expect(try Set(files(installation).keys) == before)
      let expected = Repository.district.appending(path: "expected.json")
      try await installation.expectResults(of: "2022-2023", toBe: expected)
    }
  }
}

extension SystemTests {
  /// A district that the program has never seen, whose results another program has computed.
  @Suite struct OtherDistrictTests {
    @Test func `comes out as the circulars have it, and only the roll-out is signed`()
      async throws
    {
      try await withInstallation { installation in
        let district = try await installation.makeDistrict()
        try await installation.demo(district)
        try await installation.expectResults(
          of: "2024-2025",
          toBe: district.appending(path: "expected.json")
        )
        // The roll-out of 2024-2025 has grades 3, 7 and 8, but not yet 4.
        let signed = try FileManager.default.contentsOfDirectory(atPath: installation.path("out"))
          .filter { $0.hasSuffix("-2024-2025.xml") }
        #expect(signed.count == 12 + 16 + 16)
      }
    }

    @Test func `a file that is refused keeps no other, and the demo ends with status 1`()
      async throws
    {
      try await withInstallation { installation in
        let school = installation.state.appending(path: "school")
        try FileManager.default.copyItem(
          at: Repository.district.appending(path: "74725501"),
          to: school
        )
        try Data("no workbook".utf8).write(to: school.appending(path: "so-diem-6A1-hk1.xlsx"))
        try await installation.prepare()
        let outcome = try await installation.demonstrate(school)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("so-diem-6A1-hk1.xlsx"))
        #expect(outcome.output.contains("WORKBOOK_NOT_XLSX"))
        // The other class has all its marks.
        let signed = try FileManager.default.contentsOfDirectory(atPath: installation.path("out"))
        #expect(signed.count == 39)
      }
    }
  }
}
