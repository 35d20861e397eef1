import Postgres
import Roster
import ServiceKit

extension Call {
  /// The staff of a school in the order of their codes.
  func listedStaff(
    _ grant: Grant,
    of school: OrganizationID
  ) async throws -> [ListedStaff] {
    try await read(
      grant,
      """
      SELECT code, display_name, position, email, personal_id
        FROM staff WHERE school_id = \(school)::uuid
       ORDER BY code COLLATE "C"
      """
    )
  }

  /// The classes of a school and year, by grade and name.
  func listedClasses(
    _ grant: Grant,
    of school: OrganizationID,
    in year: SchoolYear
  ) async throws -> [ListedClass] {
    try await read(
      grant,
      """
      SELECT c.id::text, c.name, c.grade, c.class_teacher,
             (SELECT count(*) FROM enrolment e
               WHERE e.school_id = c.school_id AND e.class_id = c.id),
             EXISTS (SELECT FROM rollout r
                      WHERE r.school_year = c.school_year AND c.grade = ANY(r.grades))
        FROM class c
       WHERE c.school_id = \(school)::uuid AND c.school_year = \(year.description)
       ORDER BY c.grade, c.name
      """
    )
  }

  /// A class; `nil` if the school has none such.
  func listedClass(_ grant: Grant, _ name: ClassName) async throws -> ListedClassHead? {
    let found: [ListedClassHead] = try await read(
      grant,
      """
      SELECT grade, class_teacher FROM class
       WHERE school_id = \(name.school)::uuid AND id = \(name.id)::uuid
      """
    )
    return found.first
  }

  /// Pupils of a class in the order of their codes.
  func listedStudents(
    _ grant: Grant,
    of name: ClassName,
    after code: String,
    limit: Int
  ) async throws -> [ListedStudent] {
    try await read(
      grant,
      """
      SELECT s.id::text, s.code, s.display_name, s.birth_date::text, s.sex, s.status, c.id::text,
             c.class_teacher, s.ethnicity, s.birthplace, s.personal_id, s.guardian, s.phone,
             s.address
        FROM enrolment e
        JOIN student s ON s.school_id = e.school_id AND s.id = e.student_id
        JOIN class c ON c.school_id = e.school_id AND c.id = e.class_id
       WHERE e.school_id = \(name.school)::uuid AND e.class_id = \(name.id)::uuid
         AND s.code COLLATE "C" > \(code)
       ORDER BY s.code COLLATE "C" LIMIT \(limit)
      """
    )
  }

  /// A pupil with the class of the newest year; `nil` if the school has no such pupil.
  func listedStudent(
    _ grant: Grant,
    _ name: StudentName
  ) async throws -> ListedStudent? {
    let found: [ListedStudent] = try await read(
      grant,
      """
      SELECT s.id::text, s.code, s.display_name, s.birth_date::text, s.sex, s.status,
             coalesce(c.id::text, ''), coalesce(c.class_teacher, ''), s.ethnicity, s.birthplace,
             s.personal_id, s.guardian, s.phone, s.address
        FROM student s
        LEFT JOIN enrolment e ON e.school_id = s.school_id AND e.student_id = s.id
        LEFT JOIN class c ON c.school_id = e.school_id AND c.id = e.class_id
       WHERE s.school_id = \(name.school)::uuid AND s.id = \(name.id)::uuid
       ORDER BY e.school_year DESC NULLS LAST LIMIT 1
      """
    )
    return found.first
  }

  /// Who teaches which subject in a class.
  func listedAssignments(
    _ grant: Grant,
    of name: ClassName
  ) async throws -> [ListedAssignment] {
    try await read(
      grant,
      """
      SELECT subject, display_name, teacher FROM assignment
       WHERE school_id = \(name.school)::uuid AND class_id = \(name.id)::uuid
       ORDER BY subject
      """
    )
  }
}

/// A member of the staff as it is listed.
struct ListedStaff: RowDecodable {
  let code: String
  let displayName: String
  let position: String
  let email: String
  let personalID: String

  init(row: inout Row) throws(StoreError) {
    code = try row.next()
    displayName = try row.next()
    position = try row.next()
    email = try row.next()
    personalID = try row.next()
  }
}

/// A class as it is listed.
struct ListedClass: RowDecodable {
  let id: String
  let displayName: String
  let grade: Int
  let classTeacher: String
  let studentCount: Int
  let electronicTranscript: Bool

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    displayName = try row.next()
    grade = try row.next()
    classTeacher = try row.next()
    studentCount = try row.next()
    electronicTranscript = try row.next()
  }
}

/// What a class is asked for.
struct ListedClassHead: RowDecodable {
  let grade: Int
  let classTeacher: String

  init(row: inout Row) throws(StoreError) {
    grade = try row.next()
    classTeacher = try row.next()
  }
}

/// A pupil as it is listed; class and class teacher are empty for one without a class.
struct ListedStudent: RowDecodable {
  let id: String
  let code: String
  let displayName: String
  let birthDate: String
  let sex: String
  let status: String
  let classID: String
  let classTeacher: String
  let ethnicity: String
  let birthplace: String
  let personalID: String
  let guardian: String
  let phone: String
  let address: String

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    code = try row.next()
    displayName = try row.next()
    birthDate = try row.next()
    sex = try row.next()
    status = try row.next()
    classID = try row.next()
    classTeacher = try row.next()
    ethnicity = try row.next()
    birthplace = try row.next()
    personalID = try row.next()
    guardian = try row.next()
    phone = try row.next()
    address = try row.next()
  }
}

/// An assignment as it is listed.
struct ListedAssignment: RowDecodable {
  let subject: String
  let displayName: String
  let teacher: String

  init(row: inout Row) throws(StoreError) {
    subject = try row.next()
    displayName = try row.next()
    teacher = try row.next()
  }
}
