import Postgres
import Roster
import ServiceKit

extension Transaction {
  /// The classes of all schools at or below an organisation, by school code, grade and
  /// name, 6A2 before 6A10.
  func classes(
    below organization: OrganizationID,
    in schoolYear: SchoolYear
  ) async throws(StoreError) -> [ReportClass] {
    try await query(
      """
      WITH RECURSIVE below AS (
        SELECT id, code, display_name FROM identity.published_organization
         WHERE id = \(organization)::uuid
        UNION
        SELECT o.id, o.code, o.display_name
          FROM identity.published_organization o JOIN below ON o.parent_id = below.id)
      SELECT s.code, s.display_name, s.id::text, c.id::text, c.name, c.grade,
             array(SELECT e.status FROM records.published_enrolment e
                    WHERE e.school_id = c.school_id AND e.class_id = c.id),
             coalesce(c.grade = ANY(r.grades), false)
        FROM below s
        JOIN records.published_class c ON c.school_id = s.id
        LEFT JOIN records.published_rollout r ON r.school_year = c.school_year
       WHERE c.school_year = \(schoolYear.description)
       ORDER BY s.code, c.grade, length(c.name), c.name
      """
    )
  }

  /// How many marks each class has in each of its subjects.
  func markCounts(of classes: [ReportClass]) async throws(StoreError) -> [String: [MarkCount]] {
    // OFFSET 0 keeps the count of one subject a query of its own: it reads the marks of these
    // classes by their key instead of adding up everybody's.
    let counts: [MarkCount] = try await query(
      """
      SELECT a.class_id::text, a.subject, coalesce(m.mark_count, 0)
        FROM records.published_assignment a
        LEFT JOIN LATERAL (
          SELECT p.mark_count FROM records.published_mark_count p
           WHERE p.school_id = a.school_id AND p.class_id = a.class_id AND p.subject = a.subject
          OFFSET 0) m ON true
       WHERE a.school_id = ANY(\(classes.schools)::uuid[])
         AND a.class_id = ANY(\(classes.map(\.id))::uuid[])
      """
    )
    return Dictionary(grouping: counts, by: \.classID)
  }

  /// How far the documents of each class are signed, in their newest revisions.
  func documentCounts(
    of classes: [ReportClass],
    in schoolYear: SchoolYear
  ) async throws(StoreError) -> [String: DocumentCounts] {
    // The class teacher signs a transcript first, the principal second; the last step issues it.
    let counts: [DocumentCounts] = try await query(
      """
      SELECT n.class_id::text,
             count(*) FILTER (WHERE n.kind = 'MARK_SHEET' AND n.steps >= n.required_steps),
             count(*) FILTER (WHERE n.kind = 'TRANSCRIPT' AND n.steps >= 1),
             count(*) FILTER (WHERE n.kind = 'TRANSCRIPT' AND n.steps >= 2),
             count(*) FILTER (WHERE n.kind = 'TRANSCRIPT' AND n.steps >= n.required_steps)
        FROM (SELECT DISTINCT ON (d.school_id, d.source)
                     d.class_id, d.kind, d.steps, d.required_steps
                FROM signing.published_document d
               WHERE d.school_id = ANY(\(classes.schools)::uuid[])
                 AND d.class_id = ANY(\(classes.map(\.id))::uuid[])
                 AND d.school_year = \(schoolYear.description)
               ORDER BY d.school_id, d.source, d.revision DESC) n
       GROUP BY n.class_id
      """
    )
    return Dictionary(counts.map { ($0.classID, $0) }) { first, _ in first }
  }

  /// How many pupils of each class have which results.
  func resultCounts(
    of classes: [ReportClass],
    in schoolYear: SchoolYear
  ) async throws(StoreError) -> [String: [ResultCount]] {
    let counts: [ResultCount] = try await query(
      """
      SELECT r.class_id::text, coalesce(r.level, ''), coalesce(r.conduct, ''),
             coalesce(r.promoted, false), coalesce(r.award, ''), count(*)
        FROM records.published_result r
       WHERE r.school_id = ANY(\(classes.schools)::uuid[])
         AND r.class_id = ANY(\(classes.map(\.id))::uuid[])
         AND r.school_year = \(schoolYear.description)
       GROUP BY 1, 2, 3, 4, 5
      """
    )
    return Dictionary(grouping: counts, by: \.classID)
  }
}

/// A class as reports need it.
struct ReportClass: Sendable, RowDecodable {
  let schoolCode: String
  let schoolName: String
  let schoolID: OrganizationID
  let id: String
  let name: String
  let grade: Grade
  /// Pupils who sit in the class; who left is not counted.
  let studentCount: Int
  /// Whether the roll-out gives the class electronic transcripts.
  let isRolledOut: Bool

  init(row: inout Row) throws(StoreError) {
    schoolCode = try row.next()
    schoolName = try row.next()
    schoolID = try row.next()
    id = try row.next()
    name = try row.next()
    let number: Int = try row.next()
    guard let grade = Grade(rawValue: number) else {
      throw .decode(column: "grade", reason: "\(number) is no grade")
    }
    self.grade = grade
    let statuses: [String] = try row.next()
    studentCount = statuses.count {
      (StudentStatus(rawValue: $0) ?? StudentStatus(named: $0))?.isAttending ?? true
    }
    isRolledOut = try row.next()
  }
}

extension [ReportClass] {
  fileprivate var schools: [OrganizationID] { Array<String>(Set(map(\.schoolID))) }
}

/// The marks of a class in a subject and year.
struct MarkCount: Sendable, RowDecodable {
  let classID: String
  let code: SubjectCode
  let count: Int

  init(row: inout Row) throws(StoreError) {
    classID = try row.next()
    code = SubjectCode(rawValue: try row.next())
    count = try row.next()
  }
}

/// How far the documents of a class are signed.
struct DocumentCounts: Sendable, RowDecodable {
  let classID: String
  /// Mark sheets with all their signatures.
  let markSheets: Int
  /// Transcripts.
  let classTeacherSigned: Int
  let principalSigned: Int
  let issued: Int

  static let none = DocumentCounts()

  private init() {
    classID = ""
    markSheets = 0
    classTeacherSigned = 0
    principalSigned = 0
    issued = 0
  }

  init(row: inout Row) throws(StoreError) {
    classID = try row.next()
    markSheets = try row.next()
    classTeacherSigned = try row.next()
    principalSigned = try row.next()
    issued = try row.next()
  }
}

/// How many pupils of a class have one combination of results.
struct ResultCount: Sendable, RowDecodable {
  let classID: String
  /// Primary: HTXS, HTT, HT, CHT; lower secondary: T, K, Đ, CĐ; empty while incomplete.
  let level: String
  let conduct: String
  let isPromoted: Bool
  let award: String
  let count: Int

  init(row: inout Row) throws(StoreError) {
    classID = try row.next()
    level = try row.next()
    conduct = try row.next()
    isPromoted = try row.next()
    award = try row.next()
    count = try row.next()
  }
}
