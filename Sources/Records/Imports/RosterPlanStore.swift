import Postgres
import ServiceKit

// What is stored of a school, as an import compares it.
extension Transaction {
  /// Lets nobody else bring anything in to the school until the transaction ends, so that two files
  /// at once neither mix nor wait for each other crosswise.
  func lockImports(of school: OrganizationID) async throws(StoreError) {
    try await execute("SELECT pg_advisory_xact_lock(hashtextextended(\(school), 0))")
  }

  /// The staff of a school.
  func staffRows(of school: OrganizationID) async throws(StoreError) -> [TextRow] {
    let rows: [StoredText] = try await query(
      """
      SELECT code, code, '', ARRAY[display_name, coalesce(birth_date::text, ''), sex, personal_id,
               position, email]
        FROM staff WHERE school_id = \(school)::uuid
      """
    )
    return rows.map { $0.row(RosterHeadings.staff) }
  }

  /// The classes of a school and year.
  func classRows(
    of school: OrganizationID,
    in year: String
  ) async throws(StoreError) -> [TextRow] {
    let rows: [StoredText] = try await query(
      """
      SELECT name, name, id::text, ARRAY[grade::text, class_teacher]
        FROM class WHERE school_id = \(school)::uuid AND school_year = \(year)
      """
    )
    return rows.map { $0.row(RosterHeadings.classes) }
  }

  /// Those pupils of a school that have these codes, with their classes of a year.
  func studentRows(
    of school: OrganizationID,
    in year: String,
    _ codes: [String]
  ) async throws(StoreError) -> [TextRow] {
    let rows: [StoredText] = try await query(
      """
      SELECT s.code, s.code, s.id::text, ARRAY[s.display_name, s.birth_date::text, s.sex,
               s.ethnicity, s.birthplace, s.personal_id, s.guardian, s.phone, s.address, s.status,
               coalesce(c.name, '')]
        FROM student s
        LEFT JOIN enrolment e
          ON e.school_id = s.school_id AND e.student_id = s.id AND e.school_year = \(year)
        LEFT JOIN class c ON c.school_id = e.school_id AND c.id = e.class_id
       WHERE s.school_id = \(school)::uuid AND s.code = ANY(\(codes)::text[])
      """
    )
    return rows.map { $0.row(RosterHeadings.students) }
  }

  /// Who teaches what at a school in a year.
  func assignmentRows(
    of school: OrganizationID,
    in year: String
  ) async throws(StoreError) -> [TextRow] {
    let rows: [StoredText] = try await query(
      """
      SELECT c.name || '/' || a.subject, c.name, a.subject, ARRAY[a.teacher, a.display_name]
        FROM assignment a JOIN class c ON c.school_id = a.school_id AND c.id = a.class_id
       WHERE a.school_id = \(school)::uuid AND c.school_year = \(year)
      """
    )
    return rows.map { $0.row(RosterHeadings.assignment($0.id)) }
  }
}

// What an import writes: each kind of thing in one statement.
extension Transaction {
  /// Stores staff that are new or changed.
  func store(staff rows: [TextRow], of school: OrganizationID) async throws(StoreError) {
    guard !rows.isEmpty else { return }
    try await execute(
      """
      INSERT INTO staff (school_id, code, display_name, birth_date, sex, personal_id, position, email)
      SELECT \(school)::uuid, code, display_name, birth_date, sex, personal_id, position, email
        FROM unnest(\(rows.map(\.key))::text[], \(rows.column(0))::text[],
               \(rows.column(1))::date[], \(rows.column(2))::text[], \(rows.column(3))::text[],
               \(rows.column(4))::text[], \(rows.column(5))::text[])
          AS u (code, display_name, birth_date, sex, personal_id, position, email)
      ON CONFLICT (school_id, code) DO UPDATE SET
        display_name = excluded.display_name, birth_date = excluded.birth_date, sex = excluded.sex,
        personal_id = excluded.personal_id, position = excluded.position, email = excluded.email
      """
    )
  }

  /// Stores classes that are new or changed.
  func store(
    classes rows: [TextRow],
    of school: OrganizationID,
    in year: String
  ) async throws(StoreError) {
    guard !rows.isEmpty else { return }
    try await execute(
      """
      INSERT INTO class (school_id, id, school_year, name, grade, class_teacher)
      SELECT \(school)::uuid, id, \(year), name, grade, class_teacher
        FROM unnest(\(rows.map(\.id))::uuid[], \(rows.map(\.key))::text[],
               \(rows.column(0))::int[], \(rows.column(1))::text[])
          AS u (id, name, grade, class_teacher)
      ON CONFLICT (school_id, id) DO UPDATE SET
        grade = excluded.grade, class_teacher = excluded.class_teacher
      """
    )
  }

  /// Stores pupils that are new or changed.
  func store(students rows: [TextRow], of school: OrganizationID) async throws(StoreError) {
    guard !rows.isEmpty else { return }
    try await execute(
      """
      INSERT INTO student (school_id, id, code, display_name, birth_date, sex, ethnicity, birthplace,
                           personal_id, guardian, phone, address, status)
      SELECT \(school)::uuid, id, code, display_name, birth_date, sex, ethnicity, birthplace,
             personal_id, guardian, phone, address, status
        FROM unnest(\(rows.map(\.id))::uuid[], \(rows.map(\.key))::text[],
               \(rows.column(0))::text[], \(rows.column(1))::date[], \(rows.column(2))::text[],
               \(rows.column(3))::text[], \(rows.column(4))::text[], \(rows.column(5))::text[],
               \(rows.column(6))::text[], \(rows.column(7))::text[], \(rows.column(8))::text[],
               \(rows.column(9))::text[])
          AS u (id, code, display_name, birth_date, sex, ethnicity, birthplace, personal_id,
                guardian, phone, address, status)
      ON CONFLICT (school_id, id) DO UPDATE SET
        display_name = excluded.display_name, birth_date = excluded.birth_date, sex = excluded.sex,
        ethnicity = excluded.ethnicity, birthplace = excluded.birthplace,
        personal_id = excluded.personal_id, guardian = excluded.guardian, phone = excluded.phone,
        address = excluded.address, status = excluded.status
      """
    )
  }

  /// Puts pupils into their classes of a year.
  ///
  /// Marks that were given in another class stay there.
  func enrol(
    _ students: [TextRow],
    of school: OrganizationID,
    in year: String
  ) async throws(StoreError) {
    guard !students.isEmpty else { return }
    try await execute(
      """
      INSERT INTO enrolment (school_id, student_id, school_year, class_id)
      SELECT c.school_id, u.student_id, c.school_year, c.id
        FROM unnest(\(students.map(\.id))::uuid[], \(students.column(10))::text[])
          AS u (student_id, class_name)
        JOIN class c ON c.school_id = \(school)::uuid AND c.school_year = \(year)
         AND c.name = u.class_name
      ON CONFLICT (school_id, student_id, school_year) DO UPDATE SET class_id = excluded.class_id
      """
    )
  }

  /// Stores assignments that are new or changed.
  func store(
    assignments rows: [TextRow],
    of school: OrganizationID,
    in year: String
  ) async throws(StoreError) {
    guard !rows.isEmpty else { return }
    try await execute(
      """
      INSERT INTO assignment (school_id, class_id, subject, display_name, teacher)
      SELECT c.school_id, c.id, u.subject, u.display_name, u.teacher
        FROM unnest(\(rows.map(\.owner))::text[], \(rows.map(\.id))::text[],
               \(rows.column(0))::text[], \(rows.column(1))::text[])
          AS u (class_name, subject, teacher, display_name)
        JOIN class c ON c.school_id = \(school)::uuid AND c.school_year = \(year)
         AND c.name = u.class_name
      ON CONFLICT (school_id, class_id, subject) DO UPDATE SET
        display_name = excluded.display_name, teacher = excluded.teacher
      """
    )
  }
}

/// A stored row in the shape that every comparison has.
private struct StoredText: RowDecodable {
  let key: String
  let owner: String
  let id: String
  let values: [String]

  init(row: inout Row) throws(StoreError) {
    key = try row.next()
    owner = try row.next()
    id = try row.next()
    values = try row.next()
  }

  func row(_ headings: [String]) -> TextRow {
    TextRow(key: key, owner: owner, id: id, headings: headings, values: values)
  }
}
