import Assessment
import Foundation
import Intake
import Roster
import TestTools
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
    let school = try District.primarySchool.get()
    let expected = try Expected.students()
    var seen = 0
    for file in try District.files(primary, "tong-hop") {
      let workbook = try District.workbook(primary, file)
      let sheet = try SummarySheet(workbook, file: file, school: school)
      let size = school.pupils.values.count { $0.className == sheet.className }
      #expect(sheet.rows.count == size)
      guard sheet.period == .endOfYear else { continue }
      let grade = try #require(school.classes[sheet.className])
      for row in sheet.rows {
        let year = try #require(expected[row.pupil]?.year)
        #expect(year.levels == row.levels.mapped { ($0.rawValue, $1.rawValue) })
        #expect(year.exams == row.tests.mapped { ($0.rawValue, $1.points) })
        #expect(year.traits == row.traits.mapped { ($0.name, $1.rawValue) })
        let subjects = row.levels.map { code, level in
          Circular27.SubjectYear(code, level: level, tests: row.tests[code].map { [$0] })
        }
        let record = Circular27.YearRecord(grade: grade, subjects: subjects, traits: row.traits)
        #expect(Circular27.evaluateYear(record).result?.outcome.rawValue == year.result)
        seen += 1
      }
    }
    #expect(seen == 160)
  }

  @Test func `has mark books that come out as expected`() throws {
    let school = try District.school.get()
    var records: [String: [Term: Circular22.TermRecord]] = [:]
    for file in try District.files(lowerSecondary, "so-diem") {
      let workbook = try District.workbook(lowerSecondary, file)
      let book = try MarkBook(workbook, file: file, school: school)
      #expect(book.subjects.count == 12)
      for row in book.conduct {
        let excused = try #require(row.excusedAbsences)
        let unexcused = try #require(row.unexcusedAbsences)
        records[row.pupil, default: [:]][book.term] = Circular22.TermRecord(
          subjects: book.subjects.flatMap { subject in
            subject.rows.filter { $0.pupil == row.pupil }
              .map { Circular22.SubjectTerm(subject.subject, $0.marks) }
          },
          conduct: row.level,
          absences: Circular22.Absences(excused: excused, unexcused: unexcused)
        )
      }
    }
    #expect(records.count == 81)
    let expected = try Expected.students()
    for (pupil, terms) in records {
      let student = try #require(expected[pupil])
      let record = Circular22.YearRecord(
        firstTerm: try #require(terms[.first]),
        secondTerm: try #require(terms[.second])
      )
      let year = Circular22.evaluateYear(record)
      for (term, result) in [("I", year.firstTerm), ("II", year.secondTerm)] {
        let wanted = student.terms?[term]
        #expect(wanted?.averages == result.results.averages.mapped { ($0.rawValue, $1.text) })
        #expect(wanted?.comments == result.results.comments.mapped { ($0.rawValue, $1.rawValue) })
        #expect(wanted?.conduct == result.conduct?.rawValue)
        #expect(wanted?.academic == result.academic?.level.rawValue)
      }
      let wanted = student.year
      #expect(wanted.averages == year.results.averages.mapped { ($0.rawValue, $1.text) })
      #expect(wanted.conduct == year.conduct?.outcome.rawValue)
      #expect(wanted.academic == year.academic?.level.rawValue)
      #expect(wanted.adjusted == year.academic?.isAdjusted)
      #expect(wanted.absences == year.absences?.total)
      #expect(wanted.award == year.award?.outcome?.name)
      #expect(wanted.promoted == year.promotion?.outcome.isPromoted)
    }
  }
}

/// `expected.json`, which another program computed from the law.
private struct Expected: Decodable {
  struct Student: Decodable {
    var terms: [String: Term]?
    var year: Year
  }

  struct Term: Decodable {
    var averages: [String: String]
    var comments: [String: String]
    var conduct: String
    var academic: String
  }

  struct Year: Decodable {
    var levels: [String: String]?
    var exams: [String: Int]?
    var traits: [String: String]?
    var result: String?
    var averages: [String: String]?
    var conduct: String?
    var academic: String?
    var adjusted: Bool?
    var absences: Int?
    var award: String?
    var promoted: Bool?
  }

  var students: [String: Student]

  static func students() throws -> [String: Student] {
    let data = try Data(contentsOf: Repository.district.appending(path: "expected.json"))
    return try JSONDecoder().decode(Expected.self, from: data).students
  }
}

extension Dictionary {
  fileprivate func mapped<Other>(_ change: (Key, Value) -> (String, Other)) -> [String: Other] {
    Dictionary<String, Other>(uniqueKeysWithValues: map { change($0.key, $0.value) })
  }
}
