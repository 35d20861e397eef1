import API
import Assessment
import Roster

extension ClassRecord {
  /// The results of a pupil as the API has them.
  func result(
    of student: ClassStudent,
    _ evaluation: YearEvaluation?,
    schoolCode: String
  ) -> RecordsV1.StudentResult {
    var result = RecordsV1.StudentResult(
      student: StudentName(school: head.name.school, id: student.id).text,
      studentCode: student.code,
      studentDisplayName: student.displayName,
      schoolCode: schoolCode,
      classDisplayName: head.displayName,
      grade: Int32(head.grade.rawValue),
      ruleSet: ruleSet?.id ?? ""
    )
    let subjects = subjects(of: student).map(\.code)
    switch evaluation {
    case .primary(let year): result.primary = RecordsV1.PrimaryResult(year, subjects, head.grade)
    case .lowerSecondary(let year):
      result.lowerSecondary = RecordsV1.LowerSecondaryResult(year, subjects)
    case nil: break
    }
    return result
  }
}

extension RecordsV1.LowerSecondaryResult {
  fileprivate init(_ year: Circular22.YearResult, _ subjects: [SubjectCode]) {
    self.init(
      firstTerm: .init(year.firstTerm, subjects),
      secondTerm: .init(year.secondTerm, subjects),
      year: .init(year.results, year.conduct?.outcome, year.academic, subjects),
      absenceCount: Int32(clamping: year.absences?.total ?? 0),
      award: year.award?.outcome?.name ?? ""
    )
    if let promotion = year.promotion {
      self.promotion = promotion.outcome.isPromoted ? .promoted : .retained
      promotionBasis = promotion.basis.text
    }
  }
}

extension RecordsV1.LowerSecondaryPeriod {
  fileprivate init(_ term: Circular22.TermResult, _ subjects: [SubjectCode]) {
    self.init(term.results, term.conduct, term.academic, subjects)
  }

  fileprivate init(
    _ results: SubjectResults,
    _ conduct: ConductLevel?,
    _ academic: AcademicResult?,
    _ subjects: [SubjectCode]
  ) {
    self.init(
      averages: subjects.compactMap { code in
        results.averages[code].map { .init(subject: code.rawValue, tenths: Int32($0.tenths)) }
      },
      levels: subjects.compactMap { code in
        results.comments[code].map { .init(subject: code.rawValue, level: $0.rawValue) }
      },
      conduct: conduct?.rawValue ?? "",
      academic: academic?.level.rawValue ?? "",
      adjusted: academic?.isAdjusted ?? false
    )
  }
}

extension RecordsV1.PrimaryResult {
  fileprivate init(_ year: Circular27.YearResult, _ subjects: [SubjectCode], _ grade: Grade) {
    self.init(
      levels: subjects.compactMap { code in
        year.levels[code].map { .init(subject: code.rawValue, level: $0.rawValue) }
      },
      tests: subjects.compactMap { code in
        year.tests[code].map { .init(subject: code.rawValue, tenths: Int32($0.points * 10)) }
      },
      traits: Trait.assessed(in: grade).compactMap { trait in
        year.traits[trait].map { .init(subject: trait.name, level: $0.rawValue) }
      },
      result: year.result?.outcome.rawValue ?? "",
      award: year.award?.outcome?.name ?? ""
    )
  }
}
