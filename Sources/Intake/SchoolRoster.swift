package import Roster

/// What a school's own file (`ho-so-truong.xlsx`) says.
package struct SchoolRoster: Sendable, Equatable {
  /// The staff, in the order of the sheet.
  package let staff: [StaffRow]
  /// All of one school year.
  package let classes: [ClassRow]
  /// The pupils of all classes.
  package let pupils: [PupilRow]
  /// Who teaches what, where; each subject of a class once.
  package let assignments: [AssignmentRow]
}

/// A member of the staff (*nhân sự*).
package struct StaffRow: Sendable, Hashable {
  /// The code, as the school writes it.
  package let code: String
  /// The full name.
  package let name: String
  /// The date of birth.
  package let dateOfBirth: CivilDate
  /// The sex.
  package let sex: Sex
  /// The personal number, which agrees with sex and year of birth; `nil` where none stands.
  package let personalID: PersonalID?
  /// The post.
  package let position: StaffPosition
  /// The address for electronic mail.
  package let email: String?
}

/// A class (*lớp*) of a school year.
package struct ClassRow: Sendable, Hashable {
  /// The name, such as `6A1` or `1/1`.
  package let name: String
  /// The grade.
  package let grade: Grade
  /// The school year.
  package let year: SchoolYear
  /// The code of the class teacher (*giáo viên chủ nhiệm*), who is in ``SchoolRoster/staff``.
  package let classTeacher: String
}

/// A pupil (*học sinh*).
package struct PupilRow: Sendable, Hashable {
  /// Ten digits.
  package let code: String
  /// The full name.
  package let name: String
  /// The date of birth.
  package let dateOfBirth: CivilDate
  /// The sex.
  package let sex: Sex
  /// The ethnic group.
  package let ethnicGroup: EthnicGroup
  /// The place of birth.
  package let birthplace: String?
  /// The personal number, which agrees with sex and year of birth; `nil` where none stands.
  package let personalID: PersonalID?
  /// One of ``SchoolRoster/classes``.
  package let className: String
  /// The guardian's name.
  package let guardianName: String?
  /// The guardian's telephone number.
  package let phone: String?
  /// Where the pupil lives.
  package let address: String?
  /// Where the pupil stands in the school.
  package let status: StudentStatus
}

/// Who teaches a subject in a class (*phân công chuyên môn*).
package struct AssignmentRow: Sendable, Hashable {
  /// The subject.
  package let subject: SubjectCode
  /// The school's own name for the subject, such as *Tiếng Anh*.
  package let subjectName: String?
  /// The name of the class.
  package let className: String
  /// The code of the teacher, who is in ``SchoolRoster/staff``.
  package let teacher: String
}
