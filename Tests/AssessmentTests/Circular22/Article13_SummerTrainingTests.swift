import Testing

@testable import Assessment

@Suite("Circular 22, article 13: training in the summer")
struct Article13_SummerTrainingTests {
  @Test func `is due for conduct Chưa đạt only`() {
    let due = ConductLevel.allCases.filter(Circular22.Article13.isDue)
    #expect(due == [.notPassed])
  }

  @Test func `replaces the conduct of those for whom it was due`() {
    #expect(Circular22.Article13.conduct(.notPassed, trained: .passed) == .passed)
    #expect(Circular22.Article13.conduct(.notPassed, trained: nil) == .notPassed)
    #expect(Circular22.Article13.conduct(.fair, trained: .good) == .fair)
  }
}
