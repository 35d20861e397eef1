import Roster

/// Circular 22/2021/TT-BGDĐT: the assessment of pupils of lower secondary school.
package enum Circular22 {
  /// Works out a term of a pupil.
  /// - Parameters:
  ///   - record: What the mark books have.
  ///   - reading: The office's reading of article 9, clause 3.
  /// - Returns: What can be known: a result that depends on anything missing is absent.
  package static func evaluateTerm(
    _ record: TermRecord,
    reading: OneSubjectReading = .exclude
  ) -> TermResult {
    var results = SubjectResults()
    var isComplete = !record.subjects.isEmpty
    for subject in record.subjects {
      switch result(of: subject.marks, isClosed: record.isClosed) {
      case .average(let average): results.averages[subject.code] = average
      case .comment(let comment): results.comments[subject.code] = comment
      case nil: isComplete = isComplete && !subject.isCounted
      }
    }
    let counted = results.restricted(to: record.countedSubjects)
    return TermResult(
      results: results,
      conduct: record.conduct,
      academic: isComplete ? Article09.result(counted, reading: reading) : nil
    )
  }

  /// Works out the year of a pupil.
  /// - Parameters:
  ///   - record: What the mark books have of both terms, and of the summer.
  ///   - reading: The office's reading of article 9, clause 3.
  /// - Returns: What can be known: a result that depends on anything missing is absent.
  package static func evaluateYear(
    _ record: YearRecord,
    reading: OneSubjectReading = .exclude
  ) -> YearResult {
    let first = evaluateTerm(record.firstTerm, reading: reading)
    let second = evaluateTerm(record.secondTerm, reading: reading)
    let results = yearResults(first.results, second.results)
    let counted = results.restricted(to: record.countedSubjects)
    // A year without a single counted subject, or with one that has no result, has no level.
    let isComplete =
      !record.countedSubjects.isEmpty && counted.subjects.count == record.countedSubjects.count

    var year = YearResult(firstTerm: first, secondTerm: second, results: results)
    year.academic = isComplete ? Article09.result(counted, reading: reading) : nil
    if let one = first.conduct, let two = second.conduct {
      year.conduct = Article08.year(firstTerm: one, secondTerm: two)
    }
    if let one = record.firstTerm.absences, let two = record.secondTerm.absences {
      year.absences = one + two
    }
    decide(&year, counted, record, reading)
    return year
  }

  /// Fills in what follows from the year's conduct, result of learning and absences.
  private static func decide(
    _ year: inout YearResult,
    _ counted: SubjectResults,
    _ record: YearRecord,
    _ reading: OneSubjectReading
  ) {
    guard let conduct = year.conduct?.outcome, let academic = year.academic else { return }
    year.award = Article15.award(conduct: conduct, academic: academic.level, results: counted)
    year.isTrainingDue = Article13.isDue(conduct: conduct)
    year.reassessable = Article14.subjects(
      conduct: conduct,
      academic: academic.level,
      results: counted
    )
    year.reassessed = record.reassessed.restricted(to: Set(year.reassessable))
    let replaced = Article14.replacing(counted, with: year.reassessed)
    let conductAfter = Article13.conduct(conduct, trained: record.trainedConduct)
    let academicAfter =
      replaced == counted ? academic : Article09.result(replaced, reading: reading)
    year.conductAfterSummer = conductAfter
    year.academicAfterSummer = academicAfter
    year.promotion = year.absences.map { absences in
      Article12.promotion(
        conduct: conductAfter,
        academic: academicAfter.level,
        absences: absences.total
      )
    }
  }

  private enum SubjectResult {
    case average(Score)
    case comment(CommentLevel)
  }

  private static func result(of marks: SubjectMarks, isClosed: Bool) -> SubjectResult? {
    switch marks {
    case .scored(let marks, let required):
      Article09.termAverage(marks, required: required).map(SubjectResult.average)
    case .comments(let marks):
      Article09.termResult(marks, isClosed: isClosed).map(SubjectResult.comment)
    case .carriedAverage(let average): .average(average)
    case .carriedComment(let comment): .comment(comment)
    }
  }

  private static func yearResults(
    _ first: SubjectResults,
    _ second: SubjectResults
  ) -> SubjectResults {
    var year = SubjectResults()
    for (subject, two) in second.averages {
      guard let one = first.averages[subject] else { continue }
      year.averages[subject] = Article09.yearAverage(firstTerm: one, secondTerm: two)
    }
    year.comments = second.comments.mapValues(Article09.yearResult)
    return year
  }
}
