import Roster
import Testing

@testable import Assessment

@Suite("RuleSet")
struct RuleSetTests {
  @Test(arguments: [
    (1, 2019, nil), (1, 2020, Circular.circular27), (2, 2020, nil), (2, 2021, .circular27),
    (5, 2023, nil), (5, 2024, .circular27), (6, 2020, nil), (6, 2021, .circular22),
    (9, 2023, nil), (9, 2024, .circular22), (1, 2026, .circular27), (7, 2026, .circular22),
  ])
  func `follows the grade and the school year`(
    grade: Int,
    startYear: Int,
    circular: Circular?
  ) throws {
    let grade = try #require(Grade(rawValue: grade))
    let year = try #require(SchoolYear(startYear: startYear))
    #expect(RuleSet.governing(grade, in: year)?.circular == circular)
  }

  @Test func `is found again by its id`() throws {
    let year = try #require(SchoolYear("2024-2025"))
    for grade in Grade.allCases {
      for reading in OneSubjectReading.allCases {
        let rules = try #require(RuleSet.governing(grade, in: year, reading: reading))
        #expect(RuleSet(id: rules.id) == rules)
      }
    }
    #expect(RuleSet(id: "tt22-2021/1")?.reading == .exclude)
    #expect(RuleSet(id: "tt22-2021/1-improve")?.reading == .improve)
    #expect(RuleSet(id: "tt58-2011.1") == nil)
  }
}
