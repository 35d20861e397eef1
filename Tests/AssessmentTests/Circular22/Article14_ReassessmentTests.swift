import Roster
import Testing

@testable import Assessment

private typealias Article14 = Circular22.Article14

@Suite("Circular 22, article 14: re-assessment")
struct Article14_ReassessmentTests {
  private let threeUnder = results([50, 50, 50, 50, 50, 49, 49, 49], failedComments: 1)

  @Test func `is for scored subjects under 5.0 and comment subjects at Chưa đạt`() {
    let subjects = Article14.subjects(
      conduct: .passed,
      academic: .notPassed,
      results: threeUnder
    )
    #expect(subjects == ["comment-0", "scored-5", "scored-6", "scored-7"])
  }

  @Test func `is for nobody whose conduct is Chưa đạt (R5) or whose learning passed`() {
    for (conduct, academic) in [
      (ConductLevel.notPassed, AcademicLevel.notPassed), (.good, .passed),
    ] {
      let subjects = Article14.subjects(
        conduct: conduct,
        academic: academic,
        results: threeUnder
      )
      #expect(subjects.isEmpty)
    }
  }

  @Test func `puts the new result in the place of the old one`() {
    let replaced = Article14.replacing(
      threeUnder,
      with: SubjectResults(averages: ["scored-5": 52], comments: ["comment-0": .passed])
    )
    #expect(replaced.averages["scored-5"] == 52)
    #expect(replaced.averages["scored-6"] == 49)
    #expect(replaced.comments == results([]).comments)
  }
}
