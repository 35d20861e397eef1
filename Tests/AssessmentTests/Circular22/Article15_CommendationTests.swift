import Testing

@testable import Assessment

@Suite("Circular 22, article 15: rewards")
struct Article15_CommendationTests {
  @Test(
    arguments: [
      ("W1", .good, .good, [90, 90, 90, 90, 90, 90, 80, 80], .excellent),
      ("W2", .good, .good, [90, 90, 90, 90, 90, 89, 89, 89], .good),
      ("W3", .fair, .good, [90, 90, 90, 90, 90, 90, 90, 90], nil),
      ("W4", .good, .fair, [80, 85, 82, 90, 80, 81, 70, 49], nil),
    ] as [(String, ConductLevel, AcademicLevel, [Score], Award?)]
  )
  func `follows the worked examples`(
    id: String,
    conduct: ConductLevel,
    academic: AcademicLevel,
    averages: [Score],
    award: Award?
  ) {
    let decision = Circular22.Article15.award(
      conduct: conduct,
      academic: academic,
      results: results(averages)
    )
    #expect(decision.outcome == award, "\(id)")
  }

  @Test func `has the titles of the circular`() {
    #expect(Award.excellent.name == "Học sinh Xuất sắc")
    #expect(Award.good.name == "Học sinh Giỏi")
  }
}
