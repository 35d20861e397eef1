package import Assessment
package import Roster

/// A class's marks of a term in lower secondary school (`so-diem-….xlsx`).
package struct MarkBook: Sendable, Equatable {
  package var className: String
  package var year: SchoolYear
  package var term: Term
  /// One for each sheet of a subject, in the order of the file.
  package var subjects: [SubjectMarks]
  /// Empty when the file has no sheet of conduct.
  package var conduct: [ConductRow]

  package init(
    className: String,
    year: SchoolYear,
    term: Term,
    subjects: [SubjectMarks],
    conduct: [ConductRow]
  ) {
    self.className = className
    self.year = year
    self.term = term
    self.subjects = subjects
    self.conduct = conduct
  }
}

/// A class's marks of a term in one subject.
package struct SubjectMarks: Sendable, Equatable {
  package var subject: SubjectCode
  package var rows: [MarkRow]

  package init(subject: SubjectCode, rows: [MarkRow]) {
    self.subject = subject
    self.rows = rows
  }
}

/// A pupil's marks of a term in one subject.
package struct MarkRow: Sendable, Equatable {
  /// The pupil's code.
  package var pupil: String
  /// As many regular marks as article 6 requires; those that stand blank are not entered.
  package var marks: Circular22.SubjectMarks
  package var comment: String?

  package init(pupil: String, marks: Circular22.SubjectMarks, comment: String?) {
    self.pupil = pupil
    self.marks = marks
    self.comment = comment
  }
}

/// A pupil's conduct (*rèn luyện*) and absences of a term.
package struct ConductRow: Sendable, Equatable {
  /// The pupil's code.
  package var pupil: String
  package var level: ConductLevel?
  /// Half days with leave; `nil` while not entered.
  package var excusedAbsences: Int?
  /// Half days without leave; `nil` while not entered.
  package var unexcusedAbsences: Int?
  package var comment: String?

  package init(
    pupil: String,
    level: ConductLevel?,
    excusedAbsences: Int?,
    unexcusedAbsences: Int?,
    comment: String?
  ) {
    self.pupil = pupil
    self.level = level
    self.excusedAbsences = excusedAbsences
    self.unexcusedAbsences = unexcusedAbsences
    self.comment = comment
  }
}
