import Testing

@testable import Assessment

@Suite("Score")
struct ScoreTests {
  @Test func `is refused outside the scale of ten`() {
    #expect(Score(tenths: -1) == nil)
    #expect(Score(tenths: 0)?.tenths == 0)
    #expect(Score(tenths: 100)?.tenths == 100)
    #expect(Score(tenths: 101) == nil)
  }

  @Test(arguments: [
    (0, "0.0", "0,0"), (5, "0.5", "0,5"), (83, "8.3", "8,3"), (100, "10.0", "10,0"),
  ])
  func `always shows one decimal`(tenths: Int, text: String, vietnamese: String) throws {
    let score = try #require(Score(tenths: tenths))
    #expect(score.text == text)
    #expect(score.vietnameseText == vietnamese)
  }

  @Test(arguments: [3, 7, 8, 9])
  func `is the nearest tenth of every possible sum, and the upper one of two`(weight: Int) {
    for sum in 0...(100 * weight) {
      let tenths = Score(roundingTenths: sum, over: weight).tenths
      // Twice the distance of the exact fraction sum/weight from the result, in units of 1/weight.
      let doubledError = 2 * (tenths * weight - sum)
      #expect(doubledError > -weight && doubledError <= weight, "\(sum)/\(weight)")
    }
  }
}
