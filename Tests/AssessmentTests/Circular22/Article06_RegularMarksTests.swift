import Roster
import Testing

@testable import Assessment

@Suite("Circular 22, article 6: regular assessment")
struct Article06_RegularMarksTests {
  @Test(arguments: [(35, 2), (36, 3), (52, 3), (70, 3), (71, 4), (140, 4)])
  func `requires as many scores as the lessons say`(lessons: Int, required: Int) {
    #expect(Circular22.Article06.requiredScores(lessonsPerYear: lessons) == required)
  }

  @Test func `requires three scores only in technology of grades 8 and 9`() throws {
    var found: [String] = []
    for grade in Grade.allCases where grade.level == .lowerSecondary {
      for subject in SubjectCatalogue.curriculum2018.subjects(in: grade)
      where subject.kind == .scored {
        let offering = try #require(subject.offerings[grade])
        if Circular22.Article06.requiredScores(lessonsPerYear: offering.lessonsPerYear) == 3 {
          found.append("\(subject.code) \(grade.rawValue)")
        }
      }
    }
    #expect(found == ["cong-nghe 8", "cong-nghe 9"])
  }
}
