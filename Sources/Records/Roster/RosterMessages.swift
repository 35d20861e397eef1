import API
import Roster
import ServiceKit

extension RecordsV1.StaffMember {
  init(_ staff: ListedStaff, _ school: OrganizationID, showsPersonalID: Bool) {
    self.init(
      name: "schools/\(school)/staff/\(staff.code)",
      code: staff.code,
      displayName: staff.displayName,
      position: staff.position,
      email: staff.email,
      personalID: showsPersonalID ? staff.personalID : ""
    )
  }
}

extension RecordsV1.SchoolClass {
  init(_ row: ListedClass, _ school: OrganizationID, _ year: SchoolYear) {
    self.init(
      name: ClassName(school: school, id: row.id).text,
      displayName: row.displayName,
      grade: Int32(clamping: row.grade),
      schoolYear: year.description,
      classTeacher: row.classTeacher,
      studentCount: Int32(clamping: row.studentCount),
      electronicTranscript: row.electronicTranscript
    )
  }
}

extension RecordsV1.Student {
  init(_ student: ListedStudent, _ school: OrganizationID, isFull: Bool) {
    self.init(
      name: StudentName(school: school, id: student.id).text,
      code: student.code,
      displayName: student.displayName,
      birthDate: student.birthDate,
      sex: RecordsV1.Sex(Sex(named: student.sex)),
      schoolClass: student.classID.isEmpty
        ? "" : ClassName(school: school, id: student.classID).text,
      status: student.status,
      details: isFull ? RecordsV1.StudentDetails(student) : nil
    )
  }
}

extension RecordsV1.StudentDetails {
  fileprivate init(_ student: ListedStudent) {
    self.init(
      ethnicity: student.ethnicity,
      birthplace: student.birthplace,
      personalID: student.personalID,
      guardian: student.guardian,
      phone: student.phone,
      address: student.address
    )
  }
}

extension RecordsV1.Sex {
  fileprivate init(_ sex: Sex?) {
    switch sex {
    case .male: self = .male
    case .female: self = .female
    case nil: self = .unspecified
    }
  }
}

extension RecordsV1.Assignment {
  init(_ row: ListedAssignment) {
    self.init(subject: row.subject, displayName: row.displayName, teacher: row.teacher)
  }
}
