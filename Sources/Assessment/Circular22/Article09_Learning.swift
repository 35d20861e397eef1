package import Roster

extension Circular22 {
  /// Circular 22/2021, article 9: results of learning (*kết quả học tập*).
  package enum Article09 {}
}

// MARK: Clause 1, the subject

extension Circular22.Article09 {
  /// A subject's average for a term (*ĐTBmhk*).
  ///
  /// Regular marks count once, the mid-term twice, the end-of-term three times; halves round up,
  /// to one decimal. Article 7 lets a test that was missed without reason count 0; of regular
  /// marks it says nothing, so that an absence leaves one still to be given.
  /// - Parameters:
  ///   - marks: The marks of the term.
  ///   - required: How many regular marks article 6 requires.
  /// - Returns: `nil` while a mark that the term requires is missing or pending, and where there
  ///   are more regular marks than required.
  package static func termAverage(_ marks: TermMarks<Score>, required: Int) -> Score? {
    guard marks.regular.count == required,
      let midTerm = Circular22.Article07.counted(marks.midTerm),
      let endOfTerm = Circular22.Article07.counted(marks.endOfTerm)
    else { return nil }
    var sum = 2 * midTerm.tenths + 3 * endOfTerm.tenths
    for entry in marks.regular {
      guard let score = entry.counted(lowest: nil) else { return nil }
      sum += score.tenths
    }
    return Score(roundingTenths: sum, over: required + 5)
  }

  /// A subject's average for the year (*ĐTBmcn*): that of term II counts twice.
  ///
  /// Computed from the rounded averages of the terms, as is universal practice.
  package static func yearAverage(firstTerm: Score, secondTerm: Score) -> Score {
    Score(roundingTenths: firstTerm.tenths + 2 * secondTerm.tenths, over: 3)
  }

  /// The term's result of a subject that is assessed by comments only: *Đạt* when the required
  /// number of assessments is there and every one is *Đạt*.
  /// - Parameters:
  ///   - marks: The assessments of the term.
  ///   - isClosed: Tells that nothing more will come, so that what is missing makes the number
  ///     incomplete and the result *Chưa đạt*. A make-up that is pending stays pending.
  /// - Returns: `nil` while an assessment is missing and may still come.
  package static func termResult(
    _ marks: TermMarks<CommentLevel>,
    isClosed: Bool = false
  ) -> CommentLevel? {
    let required = Circular22.Article06.requiredComments
    let regular = marks.regular.map { $0.counted(lowest: nil) }
    let periodic = [marks.midTerm, marks.endOfTerm].map(Circular22.Article07.counted)
    let results = regular + periodic
    let isPending = (marks.regular + [marks.midTerm, marks.endOfTerm]).contains(.pendingMakeUp)
    guard regular.count == required, !results.contains(nil) else {
      return isClosed && !isPending ? .notPassed : nil
    }
    return results.contains(.notPassed) ? .notPassed : .passed
  }

  /// The year's result of a subject that is assessed by comments only: that of term II, whatever
  /// term I was.
  package static func yearResult(secondTerm: CommentLevel) -> CommentLevel { secondTerm }
}

// MARK: Clauses 2 and 3, the pupil

extension Circular22.Article09 {
  /// The result of learning over all subjects, of a term or a year, as clause 2 has it before
  /// clause 3 is looked at.
  ///
  /// - *Tốt*: all comment subjects Đạt, every average 6.5 or more, at least six 8.0 or more.
  /// - *Khá*: all comment subjects Đạt, every average 5.0 or more, at least six 6.5 or more.
  /// - *Đạt*: at most one comment subject Chưa đạt, at least six averages 5.0 or more, none under
  ///   3.5.
  /// - *Chưa đạt*: all else.
  package static func base(_ results: SubjectResults) -> AcademicLevel {
    let averages = results.averages.values
    let failed = results.comments.values.count { $0 == .notPassed }
    func holds(every lowest: Score, atLeastSix high: Score, failures: Int) -> Bool {
      failed <= failures && averages.allSatisfy { $0 >= lowest }
        && averages.count { $0 >= high } >= 6
    }
    if holds(every: .of(6, 5), atLeastSix: .of(8), failures: 0) { return .good }
    if holds(every: .of(5), atLeastSix: .of(6, 5), failures: 0) { return .fair }
    if holds(every: .of(3, 5), atLeastSix: .of(5), failures: 1) { return .passed }
    return .notPassed
  }

  /// The result of learning after the adjustment of clause 3.
  ///
  /// Where the level fell two or more below *Tốt* or *Khá* only because of one single subject, it
  /// is raised to the next higher one.
  package static func result(
    _ results: SubjectResults,
    reading: OneSubjectReading
  ) -> AcademicResult {
    let base = base(results)
    let without: (SubjectCode) -> AcademicLevel = { subject in
      Self.base(reading == .exclude ? results.without(subject) : results.perfect(in: subject))
    }
    let best = results.subjects.map { (subject: $0, level: without($0)) }
      .max { $0.level < $1.level }
    guard let best, best.level >= .fair, best.level.rank - base.rank >= 2 else {
      return AcademicResult(Decision(base, by: cited(clause: 2)), base: base, becauseOf: nil)
    }
    let raised: AcademicLevel = base == .notPassed ? .passed : .fair
    return AcademicResult(
      Decision(raised, by: cited(clause: 3)),
      base: base,
      becauseOf: best.subject
    )
  }

  private static func cited(clause: Int) -> Citation {
    Citation(.circular22, article: 9, clause: clause)
  }
}

/// The result of learning of a pupil (*kết quả học tập*), and whether clause 3 raised it.
package struct AcademicResult: Sendable, Hashable {
  /// The level, with the clause that decided.
  package let decision: Decision<AcademicLevel>
  /// The level that clause 2 alone gives.
  package let base: AcademicLevel
  /// The one subject because of which clause 3 raised the level; `nil` where it did not.
  package let singleSubject: SubjectCode?

  init(_ decision: Decision<AcademicLevel>, base: AcademicLevel, becauseOf subject: SubjectCode?) {
    self.decision = decision
    self.base = base
    singleSubject = subject
  }

  /// The level.
  package var level: AcademicLevel { decision.outcome }
  /// Tells whether clause 3 raised the level.
  package var isAdjusted: Bool { singleSubject != nil }
}
