package import Roster

/// Circular 27/2020/TT-BGDĐT: the assessment of pupils of primary school.
package enum Circular27 {
  /// A subject or activity of a pupil at the end of the year.
  package struct SubjectYear: Sendable, Hashable {
    /// The subject.
    package let code: SubjectCode
    /// The level reached; `nil` while there is none.
    package let level: SubjectLevel?
    /// The marks of the year's last test and of those that replaced it, in that order; empty while
    /// there is none, `nil` where the subject is not tested in the grade.
    package let tests: [TestScore]?

    /// Puts a subject's year together.
    package init(_ code: SubjectCode, level: SubjectLevel?, tests: [TestScore]? = nil) {
      self.code = code
      self.level = level
      self.tests = tests
    }
  }

  /// What the class summary sheet has of a pupil at the end of the year.
  package struct YearRecord: Sendable, Hashable {
    /// The pupil's grade, 1 to 5.
    package var grade: Grade
    /// Every subject and activity that the pupil takes, those without a level too; each once.
    package var subjects: [SubjectYear]
    /// The levels of the qualities and competencies that have been entered.
    package var traits: [Trait: TraitLevel]
    /// Tells that the class has recognised the pupil as exemplary (article 13).
    package var isRecognised: Bool
    /// The principal's decision on a pupil who has not completed the grade (article 11).
    package var principalPromotes: Bool?

    /// Puts the record of a year together.
    package init(
      grade: Grade,
      subjects: [SubjectYear],
      traits: [Trait: TraitLevel],
      isRecognised: Bool = false,
      principalPromotes: Bool? = nil
    ) {
      self.grade = grade
      self.subjects = subjects
      self.traits = traits
      self.isRecognised = isRecognised
      self.principalPromotes = principalPromotes
    }
  }

  /// What the circular makes of a year.
  package struct YearResult: Sendable, Hashable {
    /// The levels of the subjects that have one.
    package let levels: [SubjectCode: SubjectLevel]
    /// The recorded marks of the year's last tests.
    package let tests: [SubjectCode: TestScore]
    /// The levels of the qualities and competencies.
    package let traits: [Trait: TraitLevel]
    /// The result of the year; `nil` while a level or a test is missing.
    package let result: Decision<PrimaryResult>?
    /// What the year completes; `nil` while there is no result.
    package let completion: Decision<Completion>?
    /// Promotion; `nil` while there is no result or the principal's decision is wanting.
    package let promotion: Decision<Bool>?
    /// The title; `nil` while there is no result, with the outcome `nil` where there is none.
    package let award: Decision<Award?>?
  }

  /// Works out the year of a pupil.
  ///
  /// Mid-term tests never enter it. A supplementary assessment is the same record with the new
  /// levels, and with the new marks behind the old ones.
  /// - Returns: What can be known: a result that depends on anything missing is absent.
  package static func evaluateYear(_ record: YearRecord) -> YearResult {
    var levels: [SubjectCode: SubjectLevel] = [:]
    var tests: [SubjectCode: TestScore] = [:]
    var isComplete =
      !record.subjects.isEmpty
      && Trait.assessed(in: record.grade).allSatisfy { record.traits[$0] != nil }
    for subject in record.subjects {
      let test = subject.tests.flatMap(Article07.recorded)
      levels[subject.code] = subject.level
      tests[subject.code] = test
      if subject.level == nil || (subject.tests != nil && test == nil) { isComplete = false }
    }
    let result =
      isComplete
      ? Article09.result(
        subjects: Array(levels.values),
        traits: Array(record.traits.values),
        tests: Array(tests.values)
      ) : nil
    let completion = result.map { Article11.completion($0.outcome, in: record.grade) }
    return YearResult(
      levels: levels,
      tests: tests,
      traits: record.traits,
      result: result,
      completion: completion,
      promotion: completion.flatMap {
        Article11.promotion($0.outcome, principalPromotes: record.principalPromotes)
      },
      award: result.map { Article13.award($0.outcome, isRecognised: record.isRecognised) }
    )
  }
}
