import Testing

@testable import Assessment

@Suite("Circular 27, article 9: result of the year")
struct Article09_YearResultTests {
  @Test(
    arguments: [
      (9, .completedExcellently), (8, .completedWell), (7, .completedWell), (6, .completed),
      (5, .completed), (4, .notCompleted),
    ] as [(Int, PrimaryResult)]
  )
  func `falls with the lowest test at 9, 7 and 5`(points: Int, result: PrimaryResult) throws {
    let test = try #require(TestScore(points: points))
    let ten = try #require(TestScore(points: 10))
    let decision = Circular27.Article09.result(
      subjects: [.completedWell],
      traits: [.good],
      tests: [ten, test, ten]
    )
    #expect(decision.outcome == result)
    #expect(decision.basis.text == "khoản 2 Điều 9 Thông tư 27/2020/TT-BGDĐT")
  }

  @Test func `falls to the lowest subject and the lowest trait`() {
    for subject in SubjectLevel.allCases {
      for trait in TraitLevel.allCases {
        let decision = Circular27.Article09.result(
          subjects: [.completedWell, subject],
          traits: [trait, .good],
          tests: []
        )
        let lowest = min(subject.rank, trait.rank)
        let expected: PrimaryResult =
          [.notCompleted, .completed, .completedExcellently][lowest]
        #expect(decision.outcome == expected)
      }
    }
  }
}
