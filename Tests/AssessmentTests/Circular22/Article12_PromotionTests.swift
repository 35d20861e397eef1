import Testing

@testable import Assessment

@Suite("Circular 22, article 12: promotion")
struct Article12_PromotionTests {
  @Test func `needs conduct, learning and at most 45 sessions absent (R1, R2)`() {
    let promoted = Circular22.Article12.promotion(conduct: .passed, academic: .passed, absences: 45)
    #expect(promoted.outcome.isPromoted)
    let retained = Circular22.Article12.promotion(conduct: .good, academic: .good, absences: 46)
    #expect(retained.outcome.unmet == [.attendance])
    #expect(!retained.outcome.isPromoted)
  }

  @Test func `names every condition that is not met`() {
    let decision = Circular22.Article12.promotion(
      conduct: .notPassed,
      academic: .notPassed,
      absences: 60
    )
    #expect(decision.outcome.unmet == [.conduct, .academic, .attendance])
    #expect(decision.basis.text == "khoản 1 Điều 12 Thông tư 22/2021/TT-BGDĐT")
  }
}
