package import Roster

extension Circular22 {
  /// What a pupil has in a subject and term.
  package enum SubjectMarks: Sendable, Hashable {
    /// The scores, and how many regular ones article 6 requires.
    case scored(TermMarks<Score>, required: Int)
    /// The assessments by comments only.
    case comments(TermMarks<CommentLevel>)
    /// The average that a former school's record has of the whole term.
    case carriedAverage(Score)
    /// The result that a former school's record has of the whole term.
    case carriedComment(CommentLevel)
  }

  /// A subject that a pupil takes in a term.
  package struct SubjectTerm: Sendable, Hashable {
    /// The subject.
    package let code: SubjectCode
    /// The marks.
    package let marks: SubjectMarks
    /// Tells whether the subject counts in the result over all subjects.
    ///
    /// The circular does not say whether electives do: the office decides by offering.
    package let isCounted: Bool

    /// Puts a subject's term together.
    package init(_ code: SubjectCode, _ marks: SubjectMarks, isCounted: Bool = true) {
      self.code = code
      self.marks = marks
      self.isCounted = isCounted
    }
  }

  /// Sessions (*buổi*, half days) absent.
  package struct Absences: Sendable, Hashable {
    /// With leave (*có phép*).
    package let excused: Int
    /// Without leave (*không phép*).
    package let unexcused: Int

    /// Counts absences.
    package init(excused: Int, unexcused: Int) {
      self.excused = excused
      self.unexcused = unexcused
    }

    /// With and without leave together.
    package var total: Int { excused + unexcused }

    /// Adds the absences of two terms.
    package static func + (left: Absences, right: Absences) -> Absences {
      Absences(
        excused: left.excused + right.excused,
        unexcused: left.unexcused + right.unexcused
      )
    }
  }

  /// What the mark books have of a pupil and a term.
  package struct TermRecord: Sendable, Hashable {
    /// Every subject that the pupil takes, those without any mark too; each once.
    package var subjects: [SubjectTerm]
    /// The conduct that the class teacher gave; `nil` while there is none.
    package var conduct: ConductLevel?
    /// The absences; `nil` while they have not been entered.
    package var absences: Absences?
    /// Tells that the term is closed: an assessment by comments that is missing stays missing.
    package var isClosed: Bool

    /// Puts the record of a term together.
    package init(
      subjects: [SubjectTerm],
      conduct: ConductLevel?,
      absences: Absences?,
      isClosed: Bool = false
    ) {
      self.subjects = subjects
      self.conduct = conduct
      self.absences = absences
      self.isClosed = isClosed
    }

    var countedSubjects: Set<SubjectCode> { Set(subjects.filter(\.isCounted).map(\.code)) }
  }

  /// What the mark books have of a pupil and a year, and what the summer brought.
  package struct YearRecord: Sendable, Hashable {
    /// Term I.
    package var firstTerm: TermRecord
    /// Term II.
    package var secondTerm: TermRecord
    /// The results of subjects that were re-assessed (article 14).
    package var reassessed: SubjectResults
    /// The conduct after training in the summer (article 13); `nil` where there was none.
    package var trainedConduct: ConductLevel?

    /// Puts the record of a year together.
    package init(
      firstTerm: TermRecord,
      secondTerm: TermRecord,
      reassessed: SubjectResults = SubjectResults(),
      trainedConduct: ConductLevel? = nil
    ) {
      self.firstTerm = firstTerm
      self.secondTerm = secondTerm
      self.reassessed = reassessed
      self.trainedConduct = trainedConduct
    }

    var countedSubjects: Set<SubjectCode> {
      firstTerm.countedSubjects.union(secondTerm.countedSubjects)
    }
  }

  /// What the circular makes of a term.
  package struct TermResult: Sendable, Hashable {
    /// The averages and results of the subjects that have one.
    package let results: SubjectResults
    /// The conduct; `nil` while there is none.
    package let conduct: ConductLevel?
    /// The result of learning; `nil` while a subject that counts has no result.
    package let academic: AcademicResult?
  }

  /// What the circular makes of a year.
  package struct YearResult: Sendable, Hashable {
    /// Term I.
    package let firstTerm: TermResult
    /// Term II.
    package let secondTerm: TermResult
    /// The year's averages and results of the subjects that have one, before the summer.
    package let results: SubjectResults
    /// The year's conduct, before the summer.
    package internal(set) var conduct: Decision<ConductLevel>?
    /// The year's result of learning, before the summer.
    package internal(set) var academic: AcademicResult?
    /// The absences of both terms.
    package internal(set) var absences: Absences?
    /// The title by rule; `nil` while unknown, with the outcome `nil` where there is none.
    package internal(set) var award: Decision<Award?>?
    /// Tells whether training in the summer is due (article 13).
    package internal(set) var isTrainingDue = false
    /// The subjects that may be re-assessed (article 14).
    package internal(set) var reassessable: [SubjectCode] = []
    /// The results that re-assessment put in the place of the year's.
    package internal(set) var reassessed = SubjectResults()
    /// The conduct that counts for promotion.
    package internal(set) var conductAfterSummer: ConductLevel?
    /// The result of learning that counts for promotion.
    package internal(set) var academicAfterSummer: AcademicResult?
    /// Promotion, as things stand; `nil` while anything that it depends on is missing.
    package internal(set) var promotion: Decision<Promotion>?

    init(firstTerm: TermResult, secondTerm: TermResult, results: SubjectResults) {
      self.firstTerm = firstTerm
      self.secondTerm = secondTerm
      self.results = results
    }
  }
}

extension SubjectResults {
  /// The same with only the given subjects.
  func restricted(to subjects: Set<SubjectCode>) -> SubjectResults {
    SubjectResults(
      averages: averages.filter { subjects.contains($0.key) },
      comments: comments.filter { subjects.contains($0.key) }
    )
  }
}
