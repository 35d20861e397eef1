import Roster
import Testing

@testable import Assessment

private typealias Term22 = Circular22.TermRecord

/// The pupil of grade 8 whom the worked example 13.5 follows from marks to result.
private func example(second: Bool) -> Circular22.TermRecord {
  let first: [(SubjectCode, [Score?], Score, Score)] = [
    ("ngu-van", [75, 80, 70, 80], 75, 80), ("toan", [90, 85, 90, 100], 85, 90),
    ("ngoai-ngu-1", [80, 80, 75, 85], 78, 82), ("gdcd", [80, 90], 85, 80),
    ("lich-su-dia-li", [70, 75, 80, 70], 65, 70),
    ("khoa-hoc-tu-nhien", [80, 80, 85, 90], 75, 80), ("cong-nghe", [85, 80, 85], 83, 84),
    ("tin-hoc", [90, 90], 80, 85),
  ]
  let other: [(SubjectCode, [Score?], Score, Score)] = [
    ("ngu-van", [80, 85, 75, 80], 80, 85), ("toan", [90, 95, 90, 85], 90, 93),
    ("ngoai-ngu-1", [80, 80, 80, 85], 80, 84), ("gdcd", [80, 80], 85, 90),
    ("lich-su-dia-li", [70, 70, 75, 80], 70, 73),
    ("khoa-hoc-tu-nhien", [80, 85, 80, 80], 80, 83), ("cong-nghe", [80, 80, 90], 80, 80),
    ("tin-hoc", [80, 90], 85, 90),
  ]
  let scored = (second ? other : first).map { code, regular, midTerm, endOfTerm in
    Circular22.SubjectTerm(
      code,
      .scored(marks(regular, midTerm, endOfTerm), required: regular.count)
    )
  }
  let commented = (["gdtc", "nghe-thuat", "hdtn-hn", "gddp"] as [SubjectCode]).map {
    Circular22.SubjectTerm($0, .comments(comments([.passed, .passed], .passed, .passed)))
  }
  return Circular22.TermRecord(
    subjects: scored + commented,
    conduct: second ? .good : .fair,
    absences: Circular22.Absences(excused: second ? 1 : 0, unexcused: second ? 0 : 2)
  )
}

private func exampleYear() -> Circular22.YearRecord {
  Circular22.YearRecord(firstTerm: example(second: false), secondTerm: example(second: true))
}

/// A year whose averages come from a former school: the same in both terms.
private func year(
  _ averages: [Score],
  conduct: ConductLevel,
  absences: Int = 10
) -> Circular22.YearRecord {
  let subjects = results(averages)
  var term = Circular22.TermRecord(
    subjects: subjects.averages.map { Circular22.SubjectTerm($0.key, .carriedAverage($0.value)) }
      + subjects.comments.map { Circular22.SubjectTerm($0.key, .carriedComment($0.value)) },
    conduct: conduct,
    absences: Circular22.Absences(excused: absences, unexcused: 0)
  )
  let first = term
  term.absences = Circular22.Absences(excused: 0, unexcused: 0)
  return Circular22.YearRecord(firstTerm: first, secondTerm: term)
}

private let fails: [Score] = [50, 50, 50, 50, 50, 49, 49, 49]
private let passes: [Score] = [50, 50, 50, 50, 50, 50, 50, 50]

@Suite("Circular 22, a whole pupil")
struct Circular22Tests {
  @Test func `goes from marks to result (13.5)`() {
    let result = Circular22.evaluateYear(exampleYear())
    let first: [SubjectCode: Score] = [
      "ngu-van": 77, "toan": 89, "ngoai-ngu-1": 80, "gdcd": 83, "lich-su-dia-li": 71,
      "khoa-hoc-tu-nhien": 81, "cong-nghe": 84, "tin-hoc": 85,
    ]
    let second: [SubjectCode: Score] = [
      "ngu-van": 82, "toan": 91, "ngoai-ngu-1": 82, "gdcd": 86, "lich-su-dia-li": 73,
      "khoa-hoc-tu-nhien": 82, "cong-nghe": 81, "tin-hoc": 87,
    ]
    let year: [SubjectCode: Score] = [
      "ngu-van": 80, "toan": 90, "ngoai-ngu-1": 81, "gdcd": 85, "lich-su-dia-li": 72,
      "khoa-hoc-tu-nhien": 82, "cong-nghe": 82, "tin-hoc": 86,
    ]
    #expect(result.firstTerm.results.averages == first)
    #expect(result.secondTerm.results.averages == second)
    #expect(result.results.averages == year)
    #expect(result.academic?.level == .good)
    #expect(result.conduct?.outcome == .good)
    #expect(result.award?.outcome == .good)
    #expect(result.absences?.total == 3)
    #expect(result.promotion?.outcome.isPromoted == true)
  }

  @Test func `has no level while one mark is missing, and keeps what does not depend on it`() {
    var record = exampleYear()
    record.secondTerm.subjects[0] = Circular22.SubjectTerm(
      "ngu-van",
      .scored(marks([80, 85, 75, nil], 80, 85), required: 4)
    )
    let result = Circular22.evaluateYear(record)
    #expect(result.firstTerm.academic?.level != nil)
    #expect(result.secondTerm.academic == nil)
    #expect(result.results.averages["ngu-van"] == nil)
    #expect(result.results.averages["toan"] == 90)
    #expect(result.conduct?.outcome == .good)
    #expect(result.academic == nil)
    #expect(result.award == nil)
    #expect(result.promotion == nil)
  }

  @Test func `has no promotion while conduct or absences are missing`() {
    var record = exampleYear()
    record.firstTerm.absences = nil
    #expect(Circular22.evaluateYear(record).promotion == nil)
    #expect(Circular22.evaluateYear(record).award?.outcome == .good)
    record.secondTerm.conduct = nil
    #expect(Circular22.evaluateYear(record).award == nil)
  }

  @Test func `has no level of a term or year without subjects`() {
    let empty = Term22(subjects: [], conduct: .good, absences: nil)
    #expect(Circular22.evaluateTerm(empty).academic == nil)
    let record = Circular22.YearRecord(firstTerm: empty, secondTerm: empty)
    #expect(Circular22.evaluateYear(record).academic == nil)
  }

  @Test func `has no level while a subject has only one of its terms`() {
    var record = exampleYear()
    record.firstTerm.subjects.removeFirst()
    let result = Circular22.evaluateYear(record)
    #expect(result.results.averages["ngu-van"] == nil)
    #expect(result.academic == nil)
  }

  @Test func `takes a comment subject's year from term II alone (C1, C2)`() {
    for (first, second) in [(CommentLevel.notPassed, CommentLevel.passed), (.passed, .notPassed)] {
      var record = exampleYear()
      record.firstTerm.subjects[8] = Circular22.SubjectTerm("gdtc", .carriedComment(first))
      record.secondTerm.subjects[8] = Circular22.SubjectTerm("gdtc", .carriedComment(second))
      let result = Circular22.evaluateYear(record)
      #expect(result.firstTerm.results.comments["gdtc"] == first)
      #expect(result.results.comments["gdtc"] == second)
    }
  }

  @Test func `leaves an elective out of the level where the office says so`() {
    var record = exampleYear()
    let poor = Circular22.SubjectTerm("ngoai-ngu-2", .carriedAverage(30), isCounted: false)
    record.firstTerm.subjects.append(poor)
    record.secondTerm.subjects.append(poor)
    let result = Circular22.evaluateYear(record)
    #expect(result.results.averages["ngoai-ngu-2"] == 30)
    #expect(result.academic?.level == .good)
    #expect(result.academic?.isAdjusted == false)
  }

  @Test func `does not promote after 46 sessions, and awards all the same (R2)`() {
    let good: [Score] = [80, 80, 80, 80, 80, 80, 80, 80]
    let result = Circular22.evaluateYear(year(good, conduct: .good, absences: 46))
    #expect(result.promotion?.outcome.unmet == [.attendance])
    #expect(result.award?.outcome == .good)
  }

  @Test func `promotes after re-assessment, and keeps both results (S12, R3)`() {
    var record = year(fails, conduct: .passed)
    let before = Circular22.evaluateYear(record)
    #expect(before.promotion?.outcome.unmet == [.academic])
    #expect(before.reassessable == ["scored-5", "scored-6", "scored-7"])
    record.reassessed.averages = ["scored-5": 52, "scored-0": 100]
    let after = Circular22.evaluateYear(record)
    #expect(after.promotion?.outcome.isPromoted == true)
    #expect(after.academic?.level == .notPassed)
    // A pupil has no right to re-assessment in a subject with 5.0.
    #expect(after.reassessed.averages == ["scored-5": 52])
    #expect(after.academicAfterSummer?.level == .passed)
    #expect(after.results.averages["scored-5"] == 49)
  }

  @Test func `promotes after training in the summer, and keeps both levels (R4)`() {
    var record = year(passes, conduct: .notPassed)
    let before = Circular22.evaluateYear(record)
    #expect(before.isTrainingDue)
    #expect(before.promotion?.outcome.unmet == [.conduct])
    record.trainedConduct = .passed
    let after = Circular22.evaluateYear(record)
    #expect(after.promotion?.outcome.isPromoted == true)
    #expect(after.conduct?.outcome == .notPassed)
    #expect(after.conductAfterSummer == .passed)
  }

  @Test func `gives no right to re-assessment to conduct Chưa đạt (R5)`() {
    var record = year(fails, conduct: .notPassed)
    record.trainedConduct = .passed
    record.reassessed.averages["scored-5"] = 52
    let result = Circular22.evaluateYear(record)
    #expect(result.reassessable.isEmpty)
    #expect(result.promotion?.outcome.unmet == [.academic])
  }
}
