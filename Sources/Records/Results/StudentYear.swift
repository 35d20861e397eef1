import Assessment
import Roster

/// What the circulars make of a pupil's year as the records stand.
enum YearEvaluation: Sendable {
  case primary(Circular27.YearResult)
  case lowerSecondary(Circular22.YearResult)

  /// Whether everything about the year is known that the law makes of the marks.
  var isComplete: Bool {
    switch self {
    case .primary(let year): year.result != nil
    case .lowerSecondary(let year):
      year.promotion != nil && year.firstTerm.academic != nil && year.secondTerm.academic != nil
    }
  }
}

extension ClassRecord {
  /// The rules that govern the class; `nil` before the first of the circulars reached its grade.
  var ruleSet: RuleSet? { RuleSet.governing(head.grade, in: head.schoolYear) }

  /// Evaluates a pupil's year; `nil` where no rules govern it.
  func evaluate(_ student: ClassStudent) -> YearEvaluation? {
    guard let ruleSet else { return nil }
    switch ruleSet.circular {
    case .circular27: return .primary(Circular27.evaluateYear(primaryRecord(of: student)))
    case .circular22:
      let record = Circular22.YearRecord(
        firstTerm: termRecord(of: student, .first),
        secondTerm: termRecord(of: student, .second)
      )
      return .lowerSecondary(Circular22.evaluateYear(record, reading: ruleSet.reading))
    }
  }

  /// The subjects that a pupil takes: electives only where the pupil has any mark in the year.
  func subjects(of student: ClassStudent) -> [Subject] {
    subjects.filter { subject in
      !isElective(subject)
        || Term.allCases.contains { row(subject, $0, student)?.marks.isEmpty == false }
    }
  }

  func row(_ subject: Subject, _ term: Term, _ student: ClassStudent) -> MarkRow? {
    rows[SheetKey(subject: subject.code, term: term)]?[student.id]
  }

  private func termRecord(of student: ClassStudent, _ term: Term) -> Circular22.TermRecord {
    let conduct = conduct[term]?[student.id]
    return Circular22.TermRecord(
      subjects: subjects(of: student).map { subject in
        let marks = subject.termMarks(row(subject, term, student), in: head.grade)
        return Circular22.SubjectTerm(subject.code, marks)
      },
      conduct: conduct?.level,
      absences: conduct?.absences
    )
  }

  private func primaryRecord(of student: ClassStudent) -> Circular27.YearRecord {
    Circular27.YearRecord(
      grade: head.grade,
      subjects: subjects(of: student).map { subject in
        let row = row(subject, .second, student)
        let isTested = subject.testedPeriods(in: head.grade).contains(.endOfYear)
        return Circular27.SubjectYear(
          subject.code,
          level: row?.level(at: .endOfYear),
          tests: isTested ? [row?.test(at: .endOfYear)].compactMap(\.self) : nil
        )
      },
      traits: traits[student.id]?.levels ?? [:]
    )
  }

  /// What is missing before a pupil's year can be evaluated, in Vietnamese.
  func gaps(of student: ClassStudent, _ evaluation: YearEvaluation?) -> [String] {
    switch evaluation {
    case nil: ["quy định đánh giá cho khối \(head.grade.rawValue) năm học \(head.schoolYear)"]
    case .primary(let year): gaps(subjects(of: student), year)
    case .lowerSecondary(let year):
      gaps(subjects(of: student), .first, year.firstTerm)
        + gaps(subjects(of: student), .second, year.secondTerm)
        + (year.absences == nil ? ["số buổi nghỉ học"] : [])
    }
  }

  private func gaps(
    _ subjects: [Subject],
    _ term: Term,
    _ result: Circular22.TermResult
  ) -> [String] {
    let missing = subjects.filter { subject in
      result.results.averages[subject.code] == nil && result.results.comments[subject.code] == nil
    }
    return missing.map { "\($0.name) học kì \(term.rawValue)" }
      + (result.conduct == nil ? ["rèn luyện học kì \(term.rawValue)"] : [])
  }

  private func gaps(_ subjects: [Subject], _ year: Circular27.YearResult) -> [String] {
    let levels = subjects.filter { year.levels[$0.code] == nil }.map { "mức đạt được \($0.name)" }
    let tests = subjects.filter { subject in
      subject.testedPeriods(in: head.grade).contains(.endOfYear)
        && year.tests[subject.code] == nil
    }
    let traits = Trait.assessed(in: head.grade).filter { year.traits[$0] == nil }
    return levels + tests.map { "điểm kiểm tra \($0.name)" } + traits.map(\.name)
  }
}
