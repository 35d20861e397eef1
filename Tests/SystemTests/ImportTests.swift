import Foundation
import SystemSupport
import TestTools
import Testing

extension SystemTests {
  /// `hocba import`, with workbooks as people spoil them.
  @Suite struct ImportTests {
    private struct Report: Decodable {
      struct Problem: Decodable, Hashable {
        let file: String
        let sheet: String?
        let row: Int?
        let column: String?
        let found: String
        let expected: String
        let reason: String
      }
      struct Change: Decodable, Equatable {
        let subject: String
        let field: String
        let before: String?
        let after: String?
      }
      let outcome: String
      let created: Int
      let updated: Int
      let changes: [Change]
      let problems: [Problem]
    }

    private static let school = Repository.district.appending(path: "74725501")
    private static let book = school.appending(path: "so-diem-6A1-hk1.xlsx")

    /// Runs `hocba import` on one file.
    private func bringIn(
      _ file: URL,
      _ installation: Installation,
      isDryRun: Bool = false
    ) async throws -> (status: Int32, report: Report) {
      let outcome = try await installation.hocba(
        ["import", file.plainPath, "--school", "74725501", "--json"]
          + (isDryRun ? ["--dry-run"] : [])
      )
      let reports = try JSONDecoder().decode([Report].self, from: Data(outcome.output.utf8))
      return (outcome.status, try #require(reports.first, "\(outcome.errors)"))
    }

    /// The mark book with some cells changed, such as `Toán!E8=11`.
    private func book(
      _ installation: Installation,
      _ edits: String...
    ) async throws -> URL {
      let folder = installation.state.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = folder.appending(path: Self.book.lastPathComponent)
      let made = try await installation.python(
        "edit.py",
        [Self.book.plainPath, file.plainPath] + edits
      )
      try #require(made.status == 0, "\(made.errors)")
      return file
    }

    private func markCount(_ installation: Installation) async throws -> String {
      try await installation.value("SELECT count(*) FROM records.mark")
    }

    @Test func `tells every problem at once, imports such a file not at all, and others exactly`()
      async throws
    {
      try await withInstallation { installation in
        try await installation.prepare()
        let (office, _) = try await installation.open(District(Repository.district))
        await office.close()
        let roster = Self.school.appending(path: "ho-so-truong.xlsx")
        #expect(try await bringIn(roster, installation).report.outcome == "IMPORTED")
        try await spoiledIsRejected(installation)
        try await dryRunWritesNothing(installation)
        try await sameFileChangesNothing(installation)
        try await oneChangedCellIsOneChange(installation)
      }
    }

    private func spoiledIsRejected(_ installation: Installation) async throws {
      let spoiled = try await book(
        installation,
        "Toán!E8=11",
        "Toán!F9=tám",
        "Toán!I10=8.55",
        "Ngữ văn!B11=9999999999",
        "Giáo dục thể chất!E8=G",
        "Rèn luyện!F9=-1"
      )
      let (status, report) = try await bringIn(spoiled, installation)
      #expect(status == 1)
      #expect(report.outcome == "REJECTED")
      let places = Set(report.problems.map { "\($0.sheet ?? "")!\($0.column ?? "")\($0.row ?? 0)" })
      #expect(
        places.isSuperset(of: [
          "Toán!E8", "Toán!F9", "Toán!I10", "Ngữ văn!B11", "Giáo dục thể chất!E8", "Rèn luyện!F9",
        ])
      )
      let first = try #require(report.problems.first { $0.sheet == "Toán" && $0.row == 8 })
      #expect(first.file == spoiled.lastPathComponent)
      #expect(first.found == "11")
      #expect(first.expected.contains("0 đến 10"))
      #expect(first.reason == "MARK_OUT_OF_RANGE")
      #expect(try await markCount(installation) == "0")
    }

    private func dryRunWritesNothing(_ installation: Installation) async throws {
      let (status, report) = try await bringIn(Self.book, installation, isDryRun: true)
      #expect(status == 0)
      #expect(report.outcome == "VALIDATED")
      #expect(report.created > 0)
      #expect(try await markCount(installation) == "0")
    }

    private func sameFileChangesNothing(_ installation: Installation) async throws {
      #expect(try await bringIn(Self.book, installation).report.outcome == "IMPORTED")
      let before = try await markCount(installation)
      #expect(before != "0")
      let versions = "SELECT max(version) FROM records.audit"
      let version = try await installation.value(versions)
      let (status, report) = try await bringIn(Self.book, installation)
      #expect(status == 0)
      #expect(report.outcome == "UNCHANGED")
      #expect(report.created == 0 && report.updated == 0 && report.changes.isEmpty)
      #expect(try await markCount(installation) == before)
      #expect(try await installation.value(versions) == version)
    }

    private func oneChangedCellIsOneChange(_ installation: Installation) async throws {
      // The first pupil's mid-term mark in mathematics is 7,1.
      let changed = try await book(installation, "Toán!I8=9,4")
      let tells: (Report) -> Void = { report in
        #expect(report.changes.count == 1 && report.updated == 1)
        #expect(report.changes.first?.subject == "7400100161")
        #expect(report.changes.first?.field.contains("Toán") == true)
        #expect(report.changes.first?.before == "7,1")
        #expect(report.changes.first?.after == "9,4")
      }
      let mark = """
        SELECT score FROM records.mark m JOIN records.student s ON s.id = m.student_id
         WHERE s.code = '7400100161' AND subject = 'toan' AND term = 1 AND slot = 'MID_TERM'
        """
      tells(try await bringIn(changed, installation, isDryRun: true).report)
      #expect(try await installation.value(mark) == "71")
      tells(try await bringIn(changed, installation).report)
      #expect(try await installation.value(mark) == "94")
    }
  }
}
