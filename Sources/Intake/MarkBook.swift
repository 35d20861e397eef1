package import Assessment
package import Roster

/// A class's marks of a term in lower secondary school (`so-diem-….xlsx`).
package struct MarkBook: Sendable, Equatable {
  /// The name of the class.
  package let className: String
  /// The school year.
  package let year: SchoolYear
  /// The term.
  package let term: Term
  /// One for each sheet of a subject, in the order of the file.
  package let subjects: [SubjectMarks]
  /// Empty when the file has no sheet of conduct.
  package let conduct: [ConductRow]
}

/// A class's marks of a term in one subject.
package struct SubjectMarks: Sendable, Equatable {
  /// The subject.
  package let subject: SubjectCode
  /// A row for each pupil of the sheet.
  package let rows: [MarkRow]
}

/// A pupil's marks of a term in one subject.
package struct MarkRow: Sendable, Equatable {
  /// The pupil's code.
  package let pupil: String
  /// As many regular marks as article 6 requires; those that stand blank are not entered.
  package let marks: Circular22.SubjectMarks
  /// What the teacher remarks; `nil` where nothing stands.
  package let comment: String?
}

/// A pupil's conduct (*rèn luyện*) and absences of a term.
package struct ConductRow: Sendable, Equatable {
  /// The pupil's code.
  package let pupil: String
  /// The level; `nil` while not entered.
  package let level: ConductLevel?
  /// Half days with leave; `nil` while not entered.
  package let excusedAbsences: Int?
  /// Half days without leave; `nil` while not entered.
  package let unexcusedAbsences: Int?
  /// What the teacher remarks; `nil` where nothing stands.
  package let comment: String?
}
