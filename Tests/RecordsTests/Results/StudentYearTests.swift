import Assessment
import Roster
import Testing
import Transcript

@testable import Records

@Suite("A class's record, evaluated")
struct StudentYearTests {
  private let teacher = StaffMember(code: "t", name: "Giáo viên")

  /// A class of one grade 6 pupil with every mark 8.0 and Đ, and what a test adds.
  private func record(
    assigned: [SubjectCode] = [],
    isAttending: Bool = true,
    change: (SheetKey, inout [Mark]) -> Void = { _, _ in }
  ) throws -> ClassRecord {
    let grade = try #require(Grade(rawValue: 6))
    let birth = try #require(CivilDate("2011-02-02"))
    var rows: [SheetKey: [String: MarkRow]] = [:]
    for subject in SubjectCatalogue.curriculum2018.subjects(in: grade) {
      for term in Term.allCases {
        let key = SheetKey(subject: subject.code, term: term)
        let isElective = subject.offerings[grade]?.isElective == true
        var marks = isElective ? [] : try marks(subject, grade)
        change(key, &marks)
        guard !marks.isEmpty else { continue }
        rows[key] = ["s": MarkRow(student: "s", comment: "", version: 1, marks: marks)]
      }
    }
    let absences = Circular22.Absences(excused: 1, unexcused: 0)
    let conduct = ["s": TermConduct(level: .good, absences: absences, comment: "")]
    return ClassRecord(
      head: ClassHead(
        name: ClassName(school: "x", id: "c"),
        schoolYear: try #require(SchoolYear("2022-2023")),
        displayName: "6A1",
        grade: grade,
        teacher: teacher
      ),
      students: [
        ClassStudent(
          id: "s",
          isAttending: isAttending,
          pupil: Pupil(code: "1", name: "Học sinh", dateOfBirth: birth, sex: .female)
        )
      ],
      assignments: Dictionary(
        uniqueKeysWithValues: assigned.map { code in
          (code, Assignment(subject: code, displayName: code.rawValue, teacher: teacher))
        }
      ),
      rows: rows,
      conduct: [.first: conduct, .second: conduct],
      traits: [:]
    )
  }

  private func marks(_ subject: Subject, _ grade: Grade) throws -> [Mark] {
    let score = try #require(Score(tenths: 80))
    let value: MarkValue = subject.kind == .scored ? .score(score) : .level("Đ")
    return (1...subject.requiredRegularMarks(in: grade)).map {
      Mark(slot: .regular, ordinal: $0, value: value)
    } + [
      Mark(slot: .midTerm, ordinal: 0, value: value),
      Mark(slot: .endOfTerm, ordinal: 0, value: value),
    ]
  }

  private func academic(_ record: ClassRecord) throws -> AcademicLevel? {
    let student = try #require(record.students.first)
    guard case .lowerSecondary(let year) = record.evaluate(student) else { return nil }
    return year.academic?.level
  }

  @Test func `counts every subject of the grade, assigned or not`() throws {
    let whole = try record()
    #expect(whole.subjects.count == 12)
    #expect(try academic(whole) == .good)
    let lacking = try record { key, marks in if key.subject == "gddp" { marks = [] } }
    #expect(try academic(lacking) == nil)
    let student = try #require(lacking.students.first)
    let gaps = lacking.gaps(of: student, lacking.evaluate(student))
    #expect(
      gaps == [
        "Nội dung giáo dục của địa phương học kì I", "Nội dung giáo dục của địa phương học kì II",
      ]
    )
  }

  @Test func `asks an elective only of those who take it`() throws {
    let offered = try record(assigned: ["ngoai-ngu-2"])
    #expect(offered.subjects.count == 13)
    #expect(try academic(offered) == .good)
    let sheet = try #require(offered.sheet(SheetKey(subject: "ngoai-ngu-2", term: .first)))
    #expect(sheet.isComplete)

    let score = try #require(Score(tenths: 80))
    let begun = try record(assigned: ["ngoai-ngu-2"]) { key, marks in
      guard key == SheetKey(subject: "ngoai-ngu-2", term: .first) else { return }
      marks = [Mark(slot: .midTerm, ordinal: 0, value: .score(score))]
    }
    #expect(try academic(begun) == nil)
    #expect(begun.sheet(SheetKey(subject: "ngoai-ngu-2", term: .first))?.isComplete == false)
  }

  @Test func `does not wait for the marks of a pupil who has left`() throws {
    let key = SheetKey(subject: "toan", term: .second)
    let left = try record(isAttending: false) { found, marks in if found == key { marks = [] } }
    #expect(left.sheet(key)?.isComplete == true)
    let stays = try record { found, marks in if found == key { marks = [] } }
    #expect(stays.sheet(key)?.isComplete == false)
  }

  @Test func `has no average while there are more regular marks than the law has`() throws {
    let key = SheetKey(subject: "gdcd", term: .first)
    let extra = try record { found, marks in
      guard found == key, let first = marks.first else { return }
      marks.insert(Mark(slot: .regular, ordinal: 3, value: first.value), at: 0)
    }
    #expect(try academic(extra) == nil)
    #expect(extra.sheet(key)?.isComplete == false)
  }

  @Test func `has a document only with a teacher to sign it`() throws {
    let school = School(code: "1", name: "Trường")
    let key = SheetKey(subject: "toan", term: .first)
    let orphan = try record()
    #expect(orphan.sheet(key)?.document(of: orphan.head.schoolClass(of: school)) == nil)
    let assigned = try record(assigned: ["toan"])
    let document = assigned.sheet(key)?.document(of: assigned.head.schoolClass(of: school))
    #expect(document?.teacher == teacher)
    #expect(document?.rows.count == 1)
    #expect(document?.rows.first?.marks.count == 6)
  }
}
