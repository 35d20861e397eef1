package import Roster

/// What a school's own file (`ho-so-truong.xlsx`) says.
package struct SchoolRoster: Sendable, Equatable {
  package var staff: [StaffRow]
  /// All of one school year.
  package var classes: [ClassRow]
  package var pupils: [PupilRow]
  package var assignments: [AssignmentRow]

  package init(
    staff: [StaffRow],
    classes: [ClassRow],
    pupils: [PupilRow],
    assignments: [AssignmentRow]
  ) {
    self.staff = staff
    self.classes = classes
    self.pupils = pupils
    self.assignments = assignments
  }
}

/// A member of the staff (*nhân sự*).
package struct StaffRow: Sendable, Hashable {
  package var code: String
  package var name: String
  package var dateOfBirth: CivilDate
  package var sex: Sex
  package var personalID: PersonalID?
  package var position: StaffPosition
  package var email: String?

  package init(
    code: String,
    name: String,
    dateOfBirth: CivilDate,
    sex: Sex,
    personalID: PersonalID?,
    position: StaffPosition,
    email: String?
  ) {
    self.code = code
    self.name = name
    self.dateOfBirth = dateOfBirth
    self.sex = sex
    self.personalID = personalID
    self.position = position
    self.email = email
  }
}

/// A class (*lớp*) of a school year.
package struct ClassRow: Sendable, Hashable {
  package var name: String
  package var grade: Grade
  package var year: SchoolYear
  /// The code of the class teacher (*giáo viên chủ nhiệm*), who is in ``SchoolRoster/staff``.
  package var classTeacher: String

  package init(name: String, grade: Grade, year: SchoolYear, classTeacher: String) {
    self.name = name
    self.grade = grade
    self.year = year
    self.classTeacher = classTeacher
  }
}

/// A pupil (*học sinh*).
package struct PupilRow: Sendable, Hashable {
  /// Ten digits.
  package var code: String
  package var name: String
  package var dateOfBirth: CivilDate
  package var sex: Sex
  package var ethnicGroup: EthnicGroup
  package var birthplace: String?
  package var personalID: PersonalID?
  /// One of ``SchoolRoster/classes``.
  package var className: String
  package var guardianName: String?
  package var phone: String?
  package var address: String?
  package var status: StudentStatus

  package init(
    code: String,
    name: String,
    dateOfBirth: CivilDate,
    sex: Sex,
    ethnicGroup: EthnicGroup,
    birthplace: String?,
    personalID: PersonalID?,
    className: String,
    guardianName: String?,
    phone: String?,
    address: String?,
    status: StudentStatus
  ) {
    self.code = code
    self.name = name
    self.dateOfBirth = dateOfBirth
    self.sex = sex
    self.ethnicGroup = ethnicGroup
    self.birthplace = birthplace
    self.personalID = personalID
    self.className = className
    self.guardianName = guardianName
    self.phone = phone
    self.address = address
    self.status = status
  }
}

/// Who teaches a subject in a class (*phân công chuyên môn*).
package struct AssignmentRow: Sendable, Hashable {
  package var subject: SubjectCode
  /// The school's own name for the subject, such as *Tiếng Anh*.
  package var subjectName: String?
  package var className: String
  /// The code of the teacher, who is in ``SchoolRoster/staff``.
  package var teacher: String

  package init(subject: SubjectCode, subjectName: String?, className: String, teacher: String) {
    self.subject = subject
    self.subjectName = subjectName
    self.className = className
    self.teacher = teacher
  }
}
