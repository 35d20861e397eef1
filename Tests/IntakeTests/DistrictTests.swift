import Assessment
import Foundation
import Intake
import Roster
import Testing
import Workbook

@Suite("The sample district")
struct DistrictTests {
  @Test func `is recognised by the content of its files`() throws {
    for (start, school, kind) in [
      ("ho-so", primary, WorkbookKind.roster), ("ho-so", lowerSecondary, .roster),
      ("tong-hop", primary, .summarySheet), ("so-diem", lowerSecondary, .markBook),
    ] {
      let files = try District.files(school, start)
      #expect(!files.isEmpty)
      for file in files {
        #expect(WorkbookKind(try District.workbook(school, file)) == kind)
      }
    }
    #expect(WorkbookKind(Workbook(sheets: [Sheet(name: "Trang 1")])) == nil)
  }

  @Test func `has rosters without a problem`() throws {
    let roster = try District.roster(lowerSecondary)
    #expect(roster.staff.count == 29)
    #expect(roster.classes.map(\.name) == ["6A1", "6A2"])
    #expect(roster.pupils.count == 81)
    #expect(roster.assignments.count == 24)
    #expect(roster.pupils[1].name == "Đỗ Phương Uyên")
    #expect(roster.pupils[2].name == "Trương Tuấn Khoa")
    #expect(roster.pupils[3].ethnicGroup.code == "05")
    #expect(roster.pupils[0].personalID?.description == "074211268182")
    #expect(roster.staff[0].position == .principal)
    #expect(roster.assignments[2].subjectName == "Tiếng Anh")
    #expect(try District.roster(primary).pupils.count == 160)
  }

  @Test func `has primary summaries that come out as expected`() throws {
    let school = try District.known(primary)
    let expected = try Expected.students()
    var seen = 0
    for file in try District.files(primary, "tong-hop") {
      let sheet = try SummarySheet(
        try District.workbook(primary, file),
        file: file,
        school: school
      )
      let size = school.pupils.values.count { $0.className == sheet.className }
      #expect(sheet.rows.count == size)
      guard sheet.period == .endOfYear else { continue }
      for row in sheet.rows {
        let year = try #require(expected[row.pupil]?.year)
        #expect(year.levels == row.levels.mapped { ($0.rawValue, $1.rawValue) })
        #expect(year.exams == row.tests.mapped { ($0.rawValue, $1.points) })
        #expect(year.traits == row.traits.mapped { ($0.name, $1.rawValue) })
        seen += 1
      }
    }
    #expect(seen == 160)
  }

  @Test func `has mark books whose averages come out as expected`() throws {
    let school = try District.known(lowerSecondary)
    let expected = try Expected.students()
    var seen = 0
    for file in try District.files(lowerSecondary, "so-diem") {
      let book = try MarkBook(
        try District.workbook(lowerSecondary, file),
        file: file,
        school: school
      )
      #expect(book.subjects.count == 12)
      for subject in book.subjects {
        for row in subject.rows {
          let term = try #require(expected[row.pupil]?.terms?[book.term.rawValue])
          switch row.marks {
          case .scored(let marks, let required):
            let average = Circular22.Article09.termAverage(marks, required: required)
            #expect(average?.text == term.averages[subject.subject.rawValue])
          case .comments(let marks):
            let result = Circular22.Article09.termResult(marks)
            #expect(result?.rawValue == term.comments[subject.subject.rawValue])
          case .carriedAverage, .carriedComment:
            Issue.record("not from a mark book")
          }
          seen += 1
        }
      }
      for row in book.conduct {
        #expect(row.level?.rawValue == expected[row.pupil]?.terms?[book.term.rawValue]?.conduct)
        #expect(row.unexcusedAbsences == 0)
        #expect(row.excusedAbsences != nil)
        #expect(row.comment != nil)
      }
    }
    #expect(seen == 2 * 12 * 81)
  }
}

/// `expected.json`, as far as it is compared here.
private struct Expected: Decodable {
  struct Student: Decodable {
    var terms: [String: Term]?
    var year: Year
  }

  struct Term: Decodable {
    var averages: [String: String]
    var comments: [String: String]
    var conduct: String
  }

  struct Year: Decodable {
    var levels: [String: String]?
    var exams: [String: Int]?
    var traits: [String: String]?
  }

  var students: [String: Student]

  static func students() throws -> [String: Student] {
    let data = try Data(contentsOf: District.folder.appending(path: "expected.json"))
    return try JSONDecoder().decode(Expected.self, from: data).students
  }
}

extension Dictionary {
  fileprivate func mapped<Other>(_ change: (Key, Value) -> (String, Other)) -> [String: Other] {
    Dictionary<String, Other>(uniqueKeysWithValues: map { change($0.key, $0.value) })
  }
}
