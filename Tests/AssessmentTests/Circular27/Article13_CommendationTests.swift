import Testing

@testable import Assessment

@Suite("Circular 27, article 13: rewards")
struct Article13_CommendationTests {
  @Test func `needs people to recognise the exemplary pupil`() {
    for result in PrimaryResult.allCases {
      let byRule = Circular27.Article13.award(result, isRecognised: false).outcome
      let recognised = Circular27.Article13.award(result, isRecognised: true).outcome
      switch result {
      case .completedExcellently:
        #expect(byRule == .excellent)
        #expect(recognised == .excellent)
      case .completedWell:
        #expect(byRule == nil)
        #expect(recognised == .exemplary)
      case .completed, .notCompleted:
        #expect(byRule == nil)
        #expect(recognised == nil)
      }
    }
  }
}
