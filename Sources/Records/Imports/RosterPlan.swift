import Foundation
import Intake
import Postgres
import Roster
import ServiceKit

/// What a school's own file changes.
///
/// It adds and changes; what it does not name stays as it is.
struct RosterPlan: ImportPlan {
  private let school: OrganizationID
  private let year: String
  private let staff: ImportComparison<TextRow>
  private let classes: ImportComparison<TextRow>
  private let students: ImportComparison<TextRow>
  private let assignments: ImportComparison<TextRow>
  /// Ids of the classes by their names.
  private let classIDs: [String: String]

  /// Compares a school's own file with what is stored; classes and pupils that are new get an id.
  init(
    _ roster: SchoolRoster,
    of school: OrganizationID,
    in year: String,
    _ transaction: Transaction,
    now: Date
  ) async throws {
    self.school = school
    self.year = year
    staff = ImportComparison(
      roster.staff.map(TextRow.init),
      with: try await transaction.staffRows(of: school)
    )
    let storedClasses = try await transaction.classRows(of: school, in: year)
    let classRows = try roster.classes.map(TextRow.init).identified(by: storedClasses, now)
    classes = ImportComparison(classRows, with: storedClasses)
    classIDs = Dictionary(
      classRows.map { ($0.key, $0.id) },
      uniquingKeysWith: { first, _ in first }
    )
    let storedStudents = try await transaction.studentRows(
      of: school,
      in: year,
      roster.pupils.map(\.code)
    )
    students = ImportComparison(
      try roster.pupils.map(TextRow.init).identified(by: storedStudents, now),
      with: storedStudents
    )
    assignments = ImportComparison(
      roster.assignments.map(TextRow.init),
      with: try await transaction.assignmentRows(of: school, in: year)
    )
  }

  var tally: ImportTally { staff.tally + classes.tally + students.tally + assignments.tally }

  func store(_ write: Write) async throws {
    let transaction = write.transaction
    // In this order, since each refers to those before it.
    try await transaction.store(staff: staff.written, of: school)
    try await transaction.store(classes: classes.written, of: school, in: year)
    try await transaction.store(students: students.written, of: school)
    try await transaction.enrol(students.written, of: school, in: year)
    try await transaction.store(assignments: assignments.written, of: school, in: year)
    note(write)
  }

  private func note(_ write: Write) {
    for step in staff.steps { write.note("schools/\(school)/staff/\(step.owner)", [step]) }
    let classSteps = Dictionary(grouping: classes.steps + assignments.steps, by: \.owner)
    for (name, steps) in classSteps.sorted(by: { $0.key < $1.key }) {
      guard let id = classIDs[name] else { continue }
      write.note(ClassName(school: school, id: id).text, steps)
    }
    for (row, step) in zip(students.written, students.steps) {
      write.note(StudentName(school: school, id: row.id).text, [step])
    }
  }
}

extension [TextRow] {
  /// The rows with the ids of those that are stored, and new ids for the others.
  fileprivate func identified(by stored: [TextRow], _ now: Date) throws -> [TextRow] {
    let ids = Dictionary(stored.map { ($0.key, $0.id) }, uniquingKeysWith: { first, _ in first })
    return try map { row in
      var row = row
      row.id = try ids[row.key] ?? ResourceID.make(now: now)
      return row
    }
  }
}

/// The headings of a school's own file, in the order in which the store has the values.
enum RosterHeadings {
  static let staff = [
    "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân", "Chức vụ", "Email",
  ]
  static let classes = ["Khối", "Mã GVCN"]
  static let students = [
    "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Nơi sinh", "Số định danh cá nhân",
    "Người giám hộ", "Điện thoại", "Địa chỉ", "Trạng thái", "Lớp",
  ]

  static func assignment(_ subject: String) -> [String] {
    ["\(subject), Mã giáo viên", "\(subject), Tên môn"]
  }
}

/// The rows of a school's own file as text: dates ISO 8601, the rest by the names that forms print.
extension TextRow {
  fileprivate init(_ row: StaffRow) {
    self.init(
      key: row.code,
      owner: row.code,
      headings: RosterHeadings.staff,
      values: [
        row.name, "\(row.dateOfBirth)", row.sex.name, row.personalID?.description ?? "",
        row.position.name, row.email ?? "",
      ]
    )
  }

  fileprivate init(_ row: ClassRow) {
    self.init(
      key: row.name,
      owner: row.name,
      headings: RosterHeadings.classes,
      values: ["\(row.grade.rawValue)", row.classTeacher]
    )
  }

  fileprivate init(_ row: PupilRow) {
    self.init(
      key: row.code,
      owner: row.code,
      headings: RosterHeadings.students,
      values: [
        row.name, "\(row.dateOfBirth)", row.sex.name, row.ethnicGroup.name, row.birthplace ?? "",
        row.personalID?.description ?? "", row.guardianName ?? "", row.phone ?? "",
        row.address ?? "", row.status.name, row.className,
      ]
    )
  }

  fileprivate init(_ row: AssignmentRow) {
    let subject = row.subject.rawValue
    self.init(
      key: "\(row.className)/\(subject)",
      owner: row.className,
      id: subject,
      headings: RosterHeadings.assignment(subject),
      values: [row.teacher, row.subjectName ?? row.subject.catalogueName]
    )
  }
}

extension SubjectCode {
  /// The name in the catalogue, which is the same in all grades that have the subject.
  fileprivate var catalogueName: String {
    SubjectCatalogue.curriculum2018.subjects.first { $0.code == self }?.name ?? rawValue
  }
}
