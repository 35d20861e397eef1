import Roster
import Testing

private let catalogue = SubjectCatalogue.curriculum2018

@Suite("Curriculum of 2018")
struct SubjectTests {
  @Test(arguments: [
    (1, 875), (2, 875), (3, 980), (4, 1050), (5, 1050), (6, 1015), (7, 1015), (8, 1032), (9, 1032),
  ])
  func `adds up to the lessons of the grade`(grade: Int, lessons: Int) throws {
    let grade = try #require(Grade(rawValue: grade))
    let compulsory = catalogue.subjects(in: grade).compactMap { $0.offerings[grade] }
      .filter { !$0.isElective }
    #expect(compulsory.map(\.lessonsPerYear).reduce(0, +) == lessons)
  }

  @Test func `has the rows of grade 1 in the order of the transcript`() throws {
    let grade = try #require(Grade(rawValue: 1))
    let rows = catalogue.subjects(in: grade).filter { $0.offerings[grade]?.isElective == false }
    #expect(
      rows.map(\.code.rawValue) == [
        "tieng-viet", "toan", "dao-duc", "tu-nhien-xa-hoi", "gdtc", "nghe-thuat-am-nhac",
        "nghe-thuat-mi-thuat", "hdtn",
      ]
    )
  }

  @Test func `has eight scored and four comment subjects in lower secondary school`() throws {
    for grade in Grade.allCases where grade.level == .lowerSecondary {
      let rows = catalogue.subjects(in: grade).filter { $0.offerings[grade]?.isElective == false }
      #expect(rows.count { $0.kind == .scored } == 8)
      #expect(rows.count { $0.kind == .comment } == 4)
    }
  }

  @Test func `tests as circular 27, article 7, has it`() throws {
    let expected: [Int: [SubjectCode: Int]] = [
      1: ["tieng-viet": 2, "toan": 2],
      2: ["tieng-viet": 2, "toan": 2],
      3: ["tieng-viet": 2, "toan": 2, "ngoai-ngu-1": 2, "tin-hoc": 2, "cong-nghe": 2],
      5: [
        "tieng-viet": 4, "toan": 4, "ngoai-ngu-1": 2, "tin-hoc": 2, "cong-nghe": 2, "khoa-hoc": 2,
        "lich-su-dia-li": 2,
      ],
    ]
    for (number, counts) in expected {
      let grade = try #require(Grade(rawValue: number))
      var found: [SubjectCode: Int] = [:]
      for subject in catalogue.subjects(in: grade) {
        let periods = subject.offerings[grade]?.testedPeriods ?? []
        if !periods.isEmpty { found[subject.code] = periods.count }
      }
      #expect(found == counts, "grade \(number)")
    }
  }

  @Test func `tells the same code of two levels apart`() throws {
    let one = try #require(Grade(rawValue: 1))
    let six = try #require(Grade(rawValue: 6))
    #expect(catalogue.subject("toan", in: one)?.kind == .level)
    #expect(catalogue.subject("toan", in: six)?.kind == .scored)
    #expect(catalogue.subject("tin-hoc", in: one) == nil)
  }

  @Test(arguments: [
    ("Tiếng Anh", "ngoai-ngu-1"), ("NGỮ VĂN", "ngu-van"), ("Lịch sử và Địa lý", "lich-su-dia-li"),
    ("Hoạt động trải nghiệm, hướng ng", "hdtn-hn"), ("Nội dung giáo dục của địa phươn", "gddp"),
  ])
  func `finds subjects by the names of workbooks`(name: String, code: String) throws {
    let grade = try #require(Grade(rawValue: 6))
    #expect(catalogue.subject(named: name, in: grade)?.code.rawValue == code)
  }

  @Test func `does not guess`() throws {
    let grade = try #require(Grade(rawValue: 6))
    #expect(catalogue.subject(named: "Hoạt động trải nghiệm, hướng", in: grade) == nil)
    #expect(catalogue.subject(named: "", in: grade) == nil)
    #expect(catalogue.subject(named: "Rèn luyện", in: grade) == nil)
  }

  @Test func `has no name twice in a grade`() {
    for grade in Grade.allCases {
      let names = catalogue.subjects(in: grade).flatMap(\.names)
      #expect(!names.isEmpty)
      #expect(Set(names).count == names.count)
    }
  }
}
