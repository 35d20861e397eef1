import Assessment
import Intake
import Postgres
import Roster
import ServiceKit

// The roster of a year, as marks are read with it.
extension Transaction {
  /// The school years in which a school has classes, the newest first.
  func schoolYears(of school: OrganizationID) async throws(StoreError) -> [SchoolYear] {
    let years: [String] = try await query(
      """
      SELECT DISTINCT school_year FROM class WHERE school_id = \(school)::uuid
       ORDER BY school_year DESC
      """
    )
    return years.compactMap { SchoolYear($0) }
  }

  /// What a school has in a year.
  func yearRoster(
    of school: OrganizationID,
    in year: SchoolYear
  ) async throws(StoreError) -> YearRoster {
    let classes: [YearClass] = try await query(
      """
      SELECT id::text, name, grade FROM class
       WHERE school_id = \(school)::uuid AND school_year = \("\(year)")
      """
    )
    let pupils: [YearPupil] = try await query(
      """
      SELECT s.id::text, s.code, s.display_name, s.birth_date::text, c.name
        FROM enrolment e
        JOIN student s ON s.school_id = e.school_id AND s.id = e.student_id
        JOIN class c ON c.school_id = e.school_id AND c.id = e.class_id
       WHERE e.school_id = \(school)::uuid AND e.school_year = \("\(year)")
      """
    )
    let names: [YearSubject] = try await query(
      """
      SELECT a.class_id::text, a.subject, a.display_name
        FROM assignment a JOIN class c ON c.school_id = a.school_id AND c.id = a.class_id
       WHERE a.school_id = \(school)::uuid AND c.school_year = \("\(year)")
      """
    )
    return YearRoster(year, classes, pupils, names)
  }
}

// Marks of a class.
extension Transaction {
  /// Keeps the rows of a term's mark sheets from others until the transaction ends, so that no mark
  /// that a teacher enters meanwhile is lost.
  func lockMarkRows(of schoolClass: ClassName, in term: Term) async throws(StoreError) {
    try await execute(
      """
      SELECT version FROM mark_row
       WHERE school_id = \(schoolClass.school)::uuid AND class_id = \(schoolClass.id)::uuid
         AND term = \(term.stored)
       ORDER BY subject, student_id
         FOR UPDATE
      """
    )
  }

  /// Stores rows that are new or changed: the row with its next version, then its marks in the
  /// slots of the file in place of those that were there.
  func store(
    _ rows: [SheetRow],
    of schoolClass: ClassName,
    _ file: ClassMarks
  ) async throws(StoreError) {
    guard !rows.isEmpty else { return }
    let subjects = rows.map(\.subject.rawValue)
    let students = rows.map(\.student)
    try await execute(
      """
      INSERT INTO mark_row (school_id, class_id, subject, term, student_id, comment)
      SELECT \(schoolClass.school)::uuid, \(schoolClass.id)::uuid, subject, \(file.term.stored)::int,
             student_id, comment
        FROM unnest(\(subjects)::text[], \(students)::uuid[], \(rows.map(\.comment))::text[])
          AS u (subject, student_id, comment)
      ON CONFLICT (school_id, class_id, subject, term, student_id) DO UPDATE SET
        version = mark_row.version + 1,
        comment = CASE WHEN \(file.hasComments) THEN excluded.comment ELSE mark_row.comment END
      """
    )
    try await execute(
      """
      DELETE FROM mark m
       USING unnest(\(subjects)::text[], \(students)::uuid[]) AS u (subject, student_id)
       WHERE m.school_id = \(schoolClass.school)::uuid AND m.class_id = \(schoolClass.id)::uuid
         AND m.subject = u.subject AND m.term = \(file.term.stored)
         AND m.student_id = u.student_id AND m.slot = ANY(\(file.slots.map(\.rawValue))::text[])
      """
    )
    let marks = rows.flatMap { row in row.marks.map { (row: row, place: $0.key, value: $0.value) } }
    try await execute(
      """
      INSERT INTO mark (school_id, class_id, subject, term, student_id, slot, ordinal, score, level,
                        absence)
      SELECT \(schoolClass.school)::uuid, \(schoolClass.id)::uuid, subject, \(file.term.stored)::int,
             student_id, slot, ordinal, score, level, absence
        FROM unnest(\(marks.map(\.row.subject.rawValue))::text[],
               \(marks.map(\.row.student))::uuid[], \(marks.map(\.place.slot.rawValue))::text[],
               \(marks.map(\.place.ordinal))::int[], \(marks.map(\.value.score))::int[],
               \(marks.map(\.value.level))::text[], \(marks.map(\.value.absence))::text[])
          AS u (subject, student_id, slot, ordinal, score, level, absence)
      """
    )
  }

  /// Conduct and attendance of a class in a term.
  func conductRows(
    of schoolClass: ClassName,
    in term: Term
  ) async throws(StoreError) -> [TextRow] {
    let rows: [StoredConduct] = try await query(
      """
      SELECT student_id::text, ARRAY[coalesce(level, ''), coalesce(excused::text, ''),
               coalesce(unexcused::text, ''), comment]
        FROM conduct
       WHERE school_id = \(schoolClass.school)::uuid AND class_id = \(schoolClass.id)::uuid
         AND term = \(term.stored)
      """
    )
    return rows.map { row in
      TextRow(
        key: row.student,
        owner: "",
        id: row.student,
        headings: ClassMarks.conductHeadings,
        values: row.values
      )
    }
  }

  /// Stores conduct and attendance that is new or changed.
  func store(
    conduct rows: [TextRow],
    of schoolClass: ClassName,
    in term: Term
  ) async throws(StoreError) {
    guard !rows.isEmpty else { return }
    try await execute(
      """
      INSERT INTO conduct (school_id, class_id, term, student_id, level, excused, unexcused, comment)
      SELECT \(schoolClass.school)::uuid, \(schoolClass.id)::uuid, \(term.stored)::int, student_id,
             NULLIF(level, ''), NULLIF(excused, '')::int, NULLIF(unexcused, '')::int, comment
        FROM unnest(\(rows.map(\.id))::uuid[], \(rows.column(0))::text[], \(rows.column(1))::text[],
               \(rows.column(2))::text[], \(rows.column(3))::text[])
          AS u (student_id, level, excused, unexcused, comment)
      ON CONFLICT (school_id, class_id, term, student_id) DO UPDATE SET
        level = excluded.level, excused = excluded.excused, unexcused = excluded.unexcused,
        comment = excluded.comment
      """
    )
  }

  /// Levels of qualities and competencies of a class in a period.
  func traitLevels(
    of schoolClass: ClassName,
    at period: Period
  ) async throws(StoreError) -> [StoredTrait] {
    try await query(
      """
      SELECT student_id::text, trait, level FROM trait
       WHERE school_id = \(schoolClass.school)::uuid AND class_id = \(schoolClass.id)::uuid
         AND period = \(period.rawValue)
      """
    )
  }

  /// Comments on qualities and competencies of a class in a period.
  func traitComments(
    of schoolClass: ClassName,
    at period: Period
  ) async throws(StoreError) -> [StoredTraitComment] {
    try await query(
      """
      SELECT student_id::text, comment FROM trait_comment
       WHERE school_id = \(schoolClass.school)::uuid AND class_id = \(schoolClass.id)::uuid
         AND period = \(period.rawValue)
      """
    )
  }

  /// Stores levels and comments of pupils in place of those that were there.
  func store(
    _ rows: [TextRow],
    of schoolClass: ClassName,
    _ file: PeriodTraits
  ) async throws(StoreError) {
    guard !rows.isEmpty else { return }
    let period = file.period.rawValue
    try await execute(
      """
      DELETE FROM trait
       WHERE school_id = \(schoolClass.school)::uuid AND class_id = \(schoolClass.id)::uuid
         AND period = \(period) AND student_id = ANY(\(rows.map(\.id))::uuid[])
      """
    )
    let levels = rows.flatMap { row in
      zip(file.traits, row.values).map { (student: row.id, trait: $0.rawValue, level: $1) }
    }
    try await execute(
      """
      INSERT INTO trait (school_id, class_id, period, student_id, trait, level)
      SELECT \(schoolClass.school)::uuid, \(schoolClass.id)::uuid, \(period), student_id, trait, level
        FROM unnest(\(levels.map(\.student))::uuid[], \(levels.map(\.trait))::text[],
               \(levels.map(\.level))::text[])
          AS u (student_id, trait, level)
       WHERE level <> ''
      """
    )
    try await execute(
      """
      INSERT INTO trait_comment (school_id, class_id, period, student_id, comment)
      SELECT \(schoolClass.school)::uuid, \(schoolClass.id)::uuid, \(period), student_id, comment
        FROM unnest(\(rows.map(\.id))::uuid[], \(rows.column(file.traits.count))::text[])
          AS u (student_id, comment)
      ON CONFLICT (school_id, class_id, period, student_id) DO UPDATE SET comment = excluded.comment
      """
    )
  }
}

extension YearRoster {
  fileprivate init(
    _ year: SchoolYear,
    _ classes: [YearClass],
    _ pupils: [YearPupil],
    _ names: [YearSubject]
  ) {
    var known = KnownSchool(year: year, classes: [:], pupils: [:], catalogue: .curriculum2018)
    var classIDs: [String: String] = [:]
    var studentIDs: [String: String] = [:]
    var subjectNames: [String: [SubjectCode: String]] = [:]
    for each in classes {
      known.classes[each.name] = each.grade
      classIDs[each.name] = each.id
    }
    for each in pupils {
      known.pupils[each.code] = each.known
      studentIDs[each.code] = each.id
    }
    for each in names {
      known.subjectNames[each.subject, default: []].insert(each.displayName)
      subjectNames[each.classID, default: [:]][each.subject] = each.displayName
    }
    self.known = known
    self.classIDs = classIDs
    self.studentIDs = studentIDs
    self.subjectNames = subjectNames
  }
}

private struct YearClass: RowDecodable {
  let id: String
  let name: String
  let grade: Grade

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    name = try row.next()
    guard let grade = Grade(rawValue: try row.next()) else {
      throw .decode(column: "grade", reason: "is not 1 to 9")
    }
    self.grade = grade
  }
}

private struct YearPupil: RowDecodable {
  let id: String
  let code: String
  let known: KnownSchool.Pupil

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    code = try row.next()
    let name: String = try row.next()
    guard let birthDate = CivilDate(try row.next()) else {
      throw .decode(column: "birth_date", reason: "is not a date")
    }
    known = KnownSchool.Pupil(name: name, dateOfBirth: birthDate, className: try row.next())
  }
}

private struct YearSubject: RowDecodable {
  let classID: String
  let subject: SubjectCode
  let displayName: String

  init(row: inout Row) throws(StoreError) {
    classID = try row.next()
    subject = SubjectCode(rawValue: try row.next())
    displayName = try row.next()
  }
}

private struct StoredConduct: RowDecodable {
  let student: String
  let values: [String]

  init(row: inout Row) throws(StoreError) {
    student = try row.next()
    values = try row.next()
  }
}

/// The level of a pupil in a quality or competency, as it is stored.
struct StoredTrait: RowDecodable {
  let student: String
  let trait: String
  let level: String

  init(row: inout Row) throws(StoreError) {
    student = try row.next()
    trait = try row.next()
    level = try row.next()
  }
}

/// The comment on a pupil's qualities and competencies, as it is stored.
struct StoredTraitComment: RowDecodable {
  let student: String
  let comment: String

  init(row: inout Row) throws(StoreError) {
    student = try row.next()
    comment = try row.next()
  }
}
