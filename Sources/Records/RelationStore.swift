import Postgres
import Roster
import ServiceKit

/// What somebody is to a class of a school: its class teacher, a teacher of its subjects.
struct ClassRelations: Sendable {
  let isClassTeacher: Bool
  /// The subjects that they teach in the class.
  let subjects: Set<SubjectCode>

  static let none = ClassRelations(isClassTeacher: false, subjects: [])

  /// The relations to the class as a whole.
  var toClass: Set<Relation> { isClassTeacher ? [.classTeacher] : [] }

  /// The relations to the mark sheets of a subject.
  func toSheet(of subject: SubjectCode) -> Set<Relation> {
    subjects.contains(subject) ? toClass.union([.subjectTeacher]) : toClass
  }
}

extension Call {
  /// What the caller is to a class.
  func relations(to schoolClass: ClassName) async throws -> ClassRelations {
    let relations = try await relations(in: schoolClass.school, to: [schoolClass.id])
    return relations[schoolClass.id] ?? .none
  }

  /// What the caller is to classes of a school, by id of the class.
  func relations(
    in school: OrganizationID,
    to classes: [String]
  ) async throws -> [String: ClassRelations] {
    let staffCode = try caller.staffCode
    guard !staffCode.isEmpty else { return [:] }
    let rows = try await kit.database.classRelations(of: staffCode, in: school, to: classes)
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.schoolClass, $0.relations) })
  }
}

extension Database {
  /// Read through what records publish: who may see rows is just what is to be found out.
  fileprivate func classRelations(
    of staffCode: String,
    in school: OrganizationID,
    to classes: [String]
  ) async throws(StoreError) -> [ClassRelationsRow] {
    try await query(
      """
      SELECT c.id::text, c.class_teacher = \(staffCode),
             ARRAY(SELECT a.subject FROM published_assignment a
                    WHERE a.school_id = c.school_id AND a.class_id = c.id
                      AND a.teacher = \(staffCode))
        FROM published_class c
       WHERE c.school_id = \(school)::uuid AND c.id = ANY(\(classes)::uuid[])
      """
    )
  }

  /// The classes in which pupils of a school are in a year, by id of the pupil.
  func classes(
    of students: [String],
    in school: OrganizationID,
    _ schoolYear: String
  ) async throws(StoreError) -> [String: ClassName] {
    let rows: [EnrolmentRow] = try await query(
      """
      SELECT student_id::text, class_id::text FROM published_enrolment
       WHERE school_id = \(school)::uuid AND school_year = \(schoolYear)
         AND student_id = ANY(\(students)::uuid[])
      """
    )
    return Dictionary(
      uniqueKeysWithValues: rows.map { ($0.student, ClassName(school: school, id: $0.schoolClass)) }
    )
  }
}

private struct ClassRelationsRow: RowDecodable {
  let schoolClass: String
  let relations: ClassRelations

  init(row: inout Row) throws(StoreError) {
    schoolClass = try row.next()
    let isClassTeacher: Bool = try row.next()
    let subjects: [String] = try row.next()
    relations = ClassRelations(
      isClassTeacher: isClassTeacher,
      subjects: Set(subjects.map(SubjectCode.init(rawValue:)))
    )
  }
}

private struct EnrolmentRow: RowDecodable {
  let student: String
  let schoolClass: String

  init(row: inout Row) throws(StoreError) {
    student = try row.next()
    schoolClass = try row.next()
  }
}
