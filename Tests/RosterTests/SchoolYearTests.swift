import Roster
import Testing

@Suite("SchoolYear")
struct SchoolYearTests {
  @Test func `reads two years that follow each other`() {
    #expect(SchoolYear("2022-2023")?.startYear == 2022)
    #expect(SchoolYear("2022-2023")?.description == "2022-2023")
  }

  @Test(arguments: [
    "2022-2024", "2022-2022", "2023-2022", "2022", "2022-23", "22-23", "2022-2023-", " 2022-2023",
    "2022–2023", "+202-2023", "", "1000-1001", "٢٠٢٢-٢٠٢٣",
  ])
  func `refuses anything else`(text: String) {
    #expect(SchoolYear(text) == nil)
  }

  @Test func `runs from August to July`() throws {
    let july = try #require(CivilDate(year: 2022, month: 7, day: 31))
    let august = try #require(CivilDate(year: 2022, month: 8, day: 1))
    #expect(SchoolYear(containing: july)?.description == "2021-2022")
    #expect(SchoolYear(containing: august)?.description == "2022-2023")
  }
}

@Suite("CivilDate")
struct CivilDateTests {
  @Test(arguments: ["28/02/2011", "2011-02-28", "28/2/2011"])
  func `reads both forms and prints both`(text: String) throws {
    let date = try #require(CivilDate(text))
    #expect(date.description == "2011-02-28")
    #expect(date.vietnameseText == "28/02/2011")
  }

  @Test(arguments: [
    "29/02/2011", "31/04/2011", "00/01/2011", "01/13/2011", "01/01/11", "1-1-2011", "01.01.2011",
    "01/01/2011/", "2011-2-28", "", "/", "-1/01/2011",
  ])
  func `refuses what is no day`(text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test func `knows leap years`() {
    #expect(CivilDate("29/02/2012") != nil)
    #expect(CivilDate("29/02/2000") != nil)
    #expect(CivilDate("29/02/1900") == nil)
  }

  @Test func `is ordered by time`() throws {
    let early = try #require(CivilDate("31/01/2011"))
    let late = try #require(CivilDate("01/02/2011"))
    #expect(early < late)
  }
}

@Suite("Grade, term and period")
struct GradeTests {
  @Test func `has nine grades in two levels`() {
    #expect(Grade(rawValue: 0) == nil)
    #expect(Grade(rawValue: 10) == nil)
    #expect(
      Grade.allCases.map(\.level.rawValue).suffix(5) == ["TH", "THCS", "THCS", "THCS", "THCS"]
    )
    #expect(Grade.allCases.filter(\.isLastOfLevel).map(\.rawValue) == [5, 9])
  }

  @Test func `puts two periods into each term`() {
    #expect(Period.allCases.map(\.rawValue) == ["ghk1", "chk1", "ghk2", "cn"])
    #expect(Period.allCases.map(\.term) == [.first, .first, .second, .second])
    #expect(Term.first < .second)
  }

  @Test func `finds a period by its names`() {
    #expect(Period(named: "giữa học kỳ II") == .middleOfSecondTerm)
    #expect(Period(named: "CN") == .endOfYear)
  }
}
