import API
import Assessment
import Roster

/// How far a class is in a school year.
struct ClassProgress: Sendable {
  let schoolClass: ReportClass
  let requiredMarkCount: Int
  let enteredMarkCount: Int
  let markSheetCount: Int
  let documents: DocumentCounts

  /// Counts what the law requires of a class, and what of it is there.
  init(_ schoolClass: ReportClass, _ marks: [MarkCount], _ documents: DocumentCounts) {
    self.schoolClass = schoolClass
    self.documents = documents
    markSheetCount = marks.count * Term.allCases.count
    var required = 0
    var entered = 0
    for subject in marks {
      let due = schoolClass.studentCount * Self.marksRequired(subject.code, in: schoolClass.grade)
      required += due
      // A test made once more, or the marks of a pupil who left, do not stand in for others' marks.
      entered += min(subject.count, due)
    }
    requiredMarkCount = required
    enteredMarkCount = entered
  }

  /// How many marks a subject requires of each pupil in a year.
  ///
  /// Lower secondary: in each term the regular marks of circular 22/2021, article 6, one mid-term
  /// and one end-of-term mark (article 7). Primary: a level at each period, and the tests of
  /// circular 27/2020, article 7. What pupils may choose requires nothing of the class.
  static func marksRequired(_ code: SubjectCode, in grade: Grade) -> Int {
    let catalogue = SubjectCatalogue.curriculum2018
    guard let subject = catalogue.subject(code, in: grade),
      let offering = subject.offerings[grade], !offering.isElective
    else { return 0 }
    let terms = Term.allCases.count
    switch subject.kind {
    case .level: return Period.allCases.count + offering.testedPeriods.count
    case .comment: return terms * (Circular22.Article06.requiredComments + 2)
    case .scored:
      let regular = Circular22.Article06.requiredScores(lessonsPerYear: offering.lessonsPerYear)
      return terms * (regular + 2)
    }
  }
}

extension ReportingV1.ProgressRow {
  /// Classes together.
  init(_ group: ReportingV1.Group, _ classes: [ClassProgress]) {
    func sum(_ count: (ClassProgress) -> Int) -> Int32 {
      Int32(clamping: classes.reduce(0) { $0 + count($1) })
    }
    self.init(
      group: group,
      studentCount: sum(\.schoolClass.studentCount),
      requiredMarkCount: sum(\.requiredMarkCount),
      enteredMarkCount: sum(\.enteredMarkCount),
      markSheetCount: sum(\.markSheetCount),
      signedMarkSheetCount: sum(\.documents.markSheets),
      transcriptCount: sum { $0.schoolClass.isRolledOut ? $0.schoolClass.studentCount : 0 },
      classTeacherSignedCount: sum(\.documents.classTeacherSigned),
      principalSignedCount: sum(\.documents.principalSigned),
      issuedCount: sum(\.documents.issued)
    )
  }
}
