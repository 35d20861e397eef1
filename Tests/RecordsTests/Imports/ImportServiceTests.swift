import API
import Foundation
import GRPC
import TestSupport
import TestTools
import Testing
import Workbook

@testable import Records

@Suite("ImportService")
struct ImportServiceTests {
  private static let school = TestDistrict.secondary
  private static let book = "so-diem-6A1-hk1.xlsx"
  /// The first pupil of 6A1, and the column of the mid-term mark where there are four regular ones.
  private static let pupil = "7400100161"
  private static let midTerm = 9

  private func workbook(_ file: String, of school: String = "74725501") throws -> Workbook {
    try Workbook.read(TestDistrict.sample("\(school)/\(file)"))
  }

  private func bring(
    _ workbook: Workbook,
    _ district: TestDistrict,
    as file: String = book,
    to school: String = school,
    validateOnly: Bool = false
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    try await district.bring(
      SpreadsheetWriter.file(workbook),
      as: file,
      to: school,
      validateOnly: validateOnly
    )
  }

  @Test(arguments: ["74725501", "74725101"])
  func `brings a school in whole, and the same files again change nothing`(
    code: String
  ) async throws {
    try await TestDistrict.with { district in
      try district.foundEmptySchool()
      let files = try FileManager.default
        .contentsOfDirectory(atPath: Repository.district.appending(path: code).path)
        .filter { $0.hasSuffix(".xlsx") }.sorted()
      for file in files {
        let bytes = try TestDistrict.sample("\(code)/\(file)")
        let answer = try await district.bring(bytes, as: file, to: TestDistrict.empty)
        #expect(answer.outcome == .imported, "\(file)")
        #expect(answer.createdCount > 50 && answer.updatedCount == 0, "\(file)")
        #expect(answer.unchangedCount == 0 && answer.changes.isEmpty, "\(file)")
      }
      for table in ["staff", "class", "student", "enrolment", "assignment", "mark", "trait"] {
        let count = try district.count(table, where: "school_id = '\(TestDistrict.empty)'")
        let other = code == "74725501" ? TestDistrict.secondary : TestDistrict.primary
        #expect(try count == district.count(table, where: "school_id = '\(other)'"), "\(table)")
      }
      let before = try district.everything(requests: false)
      for file in files {
        let bytes = try TestDistrict.sample("\(code)/\(file)")
        let answer = try await district.bring(bytes, as: file, to: TestDistrict.empty)
        #expect(answer.outcome == .unchanged, "\(file)")
        #expect(answer.createdCount == 0 && answer.updatedCount == 0, "\(file)")
        #expect(answer.unchangedCount > 50, "\(file)")
      }
      #expect(try district.everything(requests: false) == before)
    }
  }

  @Test func `one changed cell is one change, and a new version of its row alone`() async throws {
    try await TestDistrict.with { district in
      let old = try await bring(try workbook(Self.book), district)
      #expect(old.outcome == .unchanged)
      let spoiled = try workbook(Self.book)
        .setting("Toán", Self.pupil, Self.midTerm, .text("0,5"))
      let answer = try await bring(spoiled, district)
      #expect(answer.outcome == .imported)
      #expect(answer.kind == .markBook)
      #expect(answer.createdCount == 0 && answer.updatedCount == 1)
      #expect(answer.changes.count == 1)
      let change = try #require(answer.changes.first)
      #expect(change.subject == Self.pupil)
      #expect(change.field == "Toán, ĐĐGgk")
      #expect(change.newValue == "0,5" && !change.oldValue.isEmpty && change.oldValue != "0,5")
      #expect(
        try district.count(
          "mark_row",
          where: "version > 1 AND subject = 'toan' AND school_id = '\(Self.school)'"
        ) == 1
      )
      let audited = try district.database.run(
        "SELECT resource FROM records.audit ORDER BY version DESC LIMIT 1"
      )
      #expect(try audited == [district.className("6A1") + "/markSheets/toan-hk1"])
    }
  }

  @Test func `a mark that the file leaves blank is taken away`() async throws {
    try await TestDistrict.with { district in
      let before = try #require(try district.count("mark"))
      let spoiled = try workbook(Self.book).setting("Toán", Self.pupil, Self.midTerm, nil)
      let answer = try await bring(spoiled, district)
      #expect(answer.changes.map(\.newValue) == [""])
      #expect(try district.count("mark") == before - 1)
    }
  }

  @Test func `a recorded reason stays where the file is blank, and yields to a mark`() async throws
  {
    try await TestDistrict.with { district in
      try district.database.run(
        """
        UPDATE records.mark SET score = NULL, absence = 'PENDING_MAKE_UP'
         WHERE subject = 'toan' AND term = 1 AND slot = 'MID_TERM' AND student_id =
           (SELECT id FROM records.student WHERE code = '\(Self.pupil)')
        """
      )
      let blank = try workbook(Self.book).setting("Toán", Self.pupil, Self.midTerm, nil)
      #expect(try await bring(blank, district).outcome == .unchanged)
      let madeUp = try await bring(try workbook(Self.book), district)
      #expect(madeUp.changes.map(\.oldValue) == ["chờ kiểm tra bù"])
      #expect(try district.count("mark", where: "absence IS NOT NULL") == 0)
    }
  }

  @Test func `a file with problems leaves the database as it was`() async throws {
    try await TestDistrict.with { district in
      let before = try district.everything()
      let spoiled = try workbook(Self.book)
        .setting("Toán", Self.pupil, Self.midTerm, .text("11"))
        .setting("Ngữ văn", Self.pupil, Self.midTerm, .text("1,5"))
      let answer = try await bring(spoiled, district)
      #expect(answer.outcome == .rejected)
      #expect(answer.kind == .markBook)
      #expect(answer.problemCount == 1 && answer.problems.count == 1)
      #expect(answer.problems.first?.reason == "MARK_OUT_OF_RANGE")
      #expect(answer.problems.first?.sheet == "Toán")
      #expect(answer.problems.first?.found == "11")
      #expect(try district.everything() == before)
    }
  }

  @Test func `only validating tells what would change and writes nothing`() async throws {
    try await TestDistrict.with { district in
      let before = try district.everything()
      let spoiled = try workbook(Self.book)
        .setting("Toán", Self.pupil, Self.midTerm, .text("0,5"))
      let answer = try await bring(spoiled, district, validateOnly: true)
      #expect(answer.outcome == .validated)
      #expect(answer.updatedCount == 1 && answer.changes.count == 1)
      #expect(try district.everything() == before)
    }
  }

  @Test func `a pupil who moves keeps the marks of the class before`() async throws {
    try await TestDistrict.with { district in
      let marks = try district.count("mark")
      let moved = try workbook("ho-so-truong.xlsx")
        .setting("Học sinh", Self.pupil, 9, .text("6A2"))
        .setting("Học sinh", Self.pupil, 12, .text("1 khu phố 1"))
      let answer = try await bring(moved, district, as: "ho-so-truong.xlsx")
      #expect(answer.kind == .roster)
      #expect(answer.createdCount == 0 && answer.updatedCount == 1)
      #expect(answer.changes.map(\.field).sorted() == ["Lớp", "Địa chỉ"])
      let move = answer.changes.first { $0.field == "Lớp" }
      #expect(move?.oldValue == "6A1" && move?.newValue == "6A2")
      #expect(try district.count("mark") == marks)
      #expect(
        try district.count(
          "enrolment JOIN records.class c ON c.id = class_id",
          where: "c.name = '6A2' AND student_id = (SELECT id FROM records.student WHERE code = "
            + "'\(Self.pupil)')"
        ) == 1
      )
    }
  }

  @Test func `a roster never takes away`() async throws {
    try await TestDistrict.with { district in
      let before = try district.everything(requests: false)
      var shorter = try workbook("ho-so-truong.xlsx")
      for index in shorter.sheets.indices where shorter.sheets[index].name == "Phân công" {
        let last = shorter.sheets[index].rows.filter { $0.value[2] == .text("6A2") }.keys.max()
        shorter.sheets[index].rows[try #require(last)] = nil
      }
      #expect(try await bring(shorter, district, as: "ho-so-truong.xlsx").outcome == .unchanged)
      #expect(try district.everything(requests: false) == before)
    }
  }

  @Test func `levels, tests, traits and comments of a primary class are compared`() async throws {
    try await TestDistrict.with { district in
      let file = "tong-hop-1-1-cn.xlsx"
      let changed = try workbook(file, of: "74725101")
        .setting("Môn học", "7400100001", 5, .text("C"))
        .setting("Môn học", "7400100001", 6, .text("4"))
        .setting("Phẩm chất, năng lực", "7400100001", 5, .text("C"))
        .setting("Phẩm chất, năng lực", "7400100001", 18, .text("Nhận xét mới."))
      let school = TestDistrict.primary
      let answer = try await bring(changed, district, as: file, to: school)
      #expect(answer.kind == .summarySheet)
      #expect(answer.updatedCount == 2)
      #expect(
        answer.changes.map { "\($0.field): \($0.oldValue) → \($0.newValue)" }.sorted() == [
          "Nhận xét: Em cần luyện đọc thêm ở nhà. → Nhận xét mới.",
          "Tiếng Việt, Mức đạt được: T → C", "Tiếng Việt, Điểm KTĐK: 5 → 4",
          "Yêu nước: Đ → C",
        ]
      )
      #expect(try await bring(changed, district, as: file, to: school).outcome == .unchanged)
    }
  }

  @Test func `a file of one period leaves the other period of its term alone`() async throws {
    try await TestDistrict.with { district in
      try district.database.run(
        """
        UPDATE records.mark SET score = NULL, absence = 'PENDING_MAKE_UP'
         WHERE subject = 'toan' AND slot = 'END_OF_TERM_TEST' AND student_id =
           (SELECT id FROM records.student WHERE code = '7400100001')
        """
      )
      let file = "tong-hop-1-1-ghk2.xlsx"
      let changed = try workbook(file, of: "74725101")
        .setting("Môn học", "7400100001", 6, .text("C"))
      let answer = try await bring(changed, district, as: file, to: TestDistrict.primary)
      #expect(answer.changes.map(\.field) == ["Toán, Mức đạt được"])
      #expect(try district.count("mark", where: "absence = 'PENDING_MAKE_UP'") == 2)
    }
  }
}
