import Roster
import Testing

@testable import Assessment

private typealias Article09 = Circular22.Article09

@Suite("Circular 22, article 9: results of learning")
struct Article09_LearningTests {
  @Suite("average of a term")
  struct TermAverage {
    @Test(
      arguments: [
        ("A1", [80, 75, 90, 85], 80, 85, 83),
        ("A2", [80, 70, 80], 75, 80, 78),
        ("A3", [85, 80, 85], 83, 84, 84),
        ("A4", [70, 70, 75], 70, 75, 73),
        ("A6", [90, 100], 95, 88, 92),
      ] as [(String, [Score], Score, Score, Score)]
    )
    func `follows the worked examples`(
      id: String,
      regular: [Score],
      midTerm: Score,
      endOfTerm: Score,
      average: Score
    ) {
      let marks = marks(regular, midTerm, endOfTerm)
      #expect(Article09.termAverage(marks, required: regular.count) == average, "\(id)")
    }

    @Test func `counts 0 for an end-of-term test that was missed without reason (A5)`() {
      var missed = marks([80, 80, 80, 80], 80, nil)
      missed.endOfTerm = .absentWithoutReason
      #expect(Article09.termAverage(missed, required: 4) == 53)
    }

    @Test func `is absent while a make-up is pending (A7)`() {
      var pending = marks([80, 80, 80, 80], 80, nil)
      pending.endOfTerm = .pendingMakeUp
      #expect(Article09.termAverage(pending, required: 4) == nil)
    }

    @Test func `is absent while any required mark is missing`() {
      #expect(Article09.termAverage(marks([80, nil], 80, 80), required: 2) == nil)
      #expect(Article09.termAverage(marks([80, 80], nil, 80), required: 2) == nil)
      #expect(Article09.termAverage(marks([80, 80], 80, nil), required: 2) == nil)
      #expect(Article09.termAverage(marks([80], 80, 80), required: 2) == nil)
      #expect(Article09.termAverage(marks([80, 80, 80], 80, 80), required: 2) == nil)
      #expect(Article09.termAverage(marks([80, 0], 80, 80), required: 2) == 69)
    }

    @Test func `waits for a regular mark that an absence left open`() {
      var open = marks([80, nil], 80, 80)
      open.regular[1] = .absentWithoutReason
      #expect(Article09.termAverage(open, required: 2) == nil)
    }
  }

  @Suite("average of a year")
  struct YearAverage {
    @Test(
      arguments: [
        ("B1", 79, 81, 80), ("B2", 79, 80, 80), ("B3", 63, 65, 64), ("B4", 64, 65, 65),
        ("B5", 49, 50, 50), ("B6", 34, 35, 35), ("B8", 89, 90, 90),
      ] as [(String, Score, Score, Score)]
    )
    func `follows the worked examples`(id: String, first: Score, second: Score, year: Score) {
      #expect(Article09.yearAverage(firstTerm: first, secondTerm: second) == year, "\(id)")
    }

    @Test func `comes of the rounded averages of the terms (B7)`() throws {
      let first = Article09.termAverage(marks([60, 65, 65], 63, 64), required: 3)
      let second = Article09.termAverage(marks([60, 65, 65], 67, 64), required: 3)
      #expect(first == 64)
      #expect(second == 65)
      let year = Article09.yearAverage(
        firstTerm: try #require(first),
        secondTerm: try #require(second)
      )
      #expect(year == 65)
    }
  }

  @Suite("subject by comments only")
  struct CommentSubject {
    @Test func `takes term II for the year (C1, C2)`() {
      #expect(Article09.yearResult(secondTerm: .passed) == .passed)
      #expect(Article09.yearResult(secondTerm: .notPassed) == .notPassed)
    }

    @Test func `is Chưa đạt when one assessment is (C3)`() {
      let marks = comments([.passed, .passed], .passed, .notPassed)
      #expect(Article09.termResult(marks) == .notPassed)
      #expect(Article09.termResult(comments([.passed, .passed], .passed, .passed)) == .passed)
    }

    @Test func `is Chưa đạt when the closed term has too few assessments (C4)`() {
      let three = comments([.passed, .passed], .passed, nil)
      #expect(Article09.termResult(three, isClosed: true) == .notPassed)
      #expect(
        Article09.termResult(comments([.passed], .passed, .passed), isClosed: true) == .notPassed
      )
    }

    @Test func `is absent while an assessment may still come`() {
      var open = comments([.passed, .passed], .passed, nil)
      #expect(Article09.termResult(open) == nil)
      open.endOfTerm = .pendingMakeUp
      #expect(Article09.termResult(open, isClosed: true) == nil)
    }
  }

  @Suite("over all subjects")
  struct AllSubjects {
    @Test(
      arguments: [
        ("S1", [80, 85, 82, 90, 80, 81, 65, 70], 0, "T", "T"),
        ("S2", [80, 85, 82, 90, 80, 79, 65, 70], 0, "K", "K"),
        ("S3", [80, 85, 82, 90, 80, 81, 70, 64], 0, "K", "K"),
        ("S4", [80, 85, 82, 90, 80, 81, 70, 49], 0, "Đ", "K"),
        ("S5", [80, 85, 82, 90, 80, 81, 70, 34], 0, "CĐ", "Đ"),
        ("S6", [65, 68, 70, 66, 72, 65, 50, 34], 0, "CĐ", "Đ"),
        ("S7", [80, 85, 82, 90, 80, 81, 65, 70], 1, "Đ", "K"),
        ("S8", [80, 85, 82, 90, 80, 81, 65, 70], 2, "CĐ", "CĐ"),
        ("S9", [80, 85, 82, 90, 80, 81, 49, 48], 0, "Đ", "Đ"),
        ("S10", [80, 85, 82, 90, 80, 81, 70, 49], 1, "Đ", "Đ"),
        ("S11", [80, 85, 82, 90, 80, 70, 65, 49], 0, "Đ", "Đ"),
        ("S12", [50, 50, 50, 50, 50, 49, 49, 49], 0, "CĐ", "CĐ"),
        ("S13", [50, 55, 60, 50, 52, 50, 35, 35], 0, "Đ", "Đ"),
        ("S14", [50, 55, 60, 50, 52, 50, 35, 34], 0, "CĐ", "CĐ"),
        ("S15", [65, 68, 70, 66, 72, 64, 50, 50], 0, "Đ", "Đ"),
        ("S16", [65, 68, 70, 66, 72, 65, 50, 50], 1, "Đ", "Đ"),
      ] as [(String, [Score], Int, String, String)]
    )
    func `follows the worked examples`(
      id: String,
      averages: [Score],
      failedComments: Int,
      base: String,
      level: String
    ) {
      let results = results(averages, failedComments: failedComments)
      let result = Article09.result(results, reading: .exclude)
      #expect(result.base.rawValue == base, "\(id)")
      #expect(result.level.rawValue == level, "\(id)")
      #expect(result.isAdjusted == (base != level), "\(id)")
    }

    @Test func `lets the reading IMPROVE count the one subject as the sixth (S11)`() {
      let result = Article09.result(
        results([80, 85, 82, 90, 80, 70, 65, 49]),
        reading: .improve
      )
      #expect(result.level == .fair)
      #expect(result.singleSubject == "scored-7")
    }

    @Test func `names the subject and the clause that decided`() {
      let plain = Article09.result(results([80, 85, 82, 90, 80, 81, 65, 70]), reading: .exclude)
      #expect(plain.decision.basis.text == "khoản 2 Điều 9 Thông tư 22/2021/TT-BGDĐT")
      #expect(plain.singleSubject == nil)
      let raised = Article09.result(
        results([80, 85, 82, 90, 80, 81, 65, 70], failedComments: 1),
        reading: .exclude
      )
      #expect(raised.decision.basis.clause == 3)
      #expect(raised.singleSubject == "comment-0")
    }

    @Test func `never raises by more than one level, nor without a difference of two`() {
      for tenths in 0...100 {
        let last = Score(tenths: tenths) ?? 0
        for others in [[80, 85, 82, 90, 80, 81, 70], [65, 68, 70, 66, 72, 65, 50]] as [[Score]] {
          let result = Article09.result(results(others + [last]), reading: .exclude)
          let without = Article09.base(results(others))
          let expected = without.rank - result.base.rank >= 2 ? 1 : 0
          #expect(result.level.rank - result.base.rank == expected, "\(tenths)")
        }
      }
    }
  }
}
