import Assessment
import Postgres
import Roster
import ServiceKit
import Transcript

extension Transaction {
  /// Everything of a class, or only the marks of one of its sheets; `nil` if the school has no such
  /// class.
  func classRecord(
    _ name: ClassName,
    sheet: SheetKey? = nil
  ) async throws(StoreError) -> ClassRecord? {
    guard let head = try await classHead(name) else { return nil }
    let students = try await students(of: name)
    let assignments = try await assignments(of: name)
    let rows = try await markRows(of: name, sheet: sheet)
    let conduct = sheet == nil ? try await conduct(of: name) : []
    let traits = sheet == nil ? try await traits(of: name) : []
    return ClassRecord(
      head: head,
      students: students,
      assignments: Dictionary(uniqueKeysWithValues: assignments.map { ($0.subject, $0) }),
      rows: Dictionary(grouping: rows, by: \.key).mapValues { rows in
        Dictionary(uniqueKeysWithValues: rows.map { ($0.row.student, $0.row) })
      },
      conduct: Dictionary(grouping: conduct, by: \.term).mapValues { rows in
        Dictionary(uniqueKeysWithValues: rows.map { ($0.student, $0.conduct) })
      },
      traits: Dictionary(uniqueKeysWithValues: traits.map { ($0.student, $0.traits) })
    )
  }

  /// A class; `nil` if the school has none such.
  func classHead(_ name: ClassName) async throws(StoreError) -> ClassHead? {
    let row: ClassHeadRow? = try await first(
      """
      SELECT c.school_year, c.name, c.grade, s.code, s.display_name
        FROM class c JOIN staff s ON s.school_id = c.school_id AND s.code = c.class_teacher
       WHERE c.school_id = \(name.school)::uuid AND c.id = \(name.id)::uuid
      """
    )
    return row.map { row in
      ClassHead(
        name: name,
        schoolYear: row.schoolYear,
        displayName: row.displayName,
        grade: row.grade,
        teacher: row.teacher
      )
    }
  }

  /// The classes of a school and year, by grade and name.
  func classes(
    of school: OrganizationID,
    in schoolYear: String
  ) async throws(StoreError) -> [ClassName] {
    let ids: [String] = try await query(
      """
      SELECT id::text FROM class
       WHERE school_id = \(school)::uuid AND school_year = \(schoolYear)
       ORDER BY grade, name
      """
    )
    return ids.map { ClassName(school: school, id: $0) }
  }

  private func students(of name: ClassName) async throws(StoreError) -> [ClassStudent] {
    try await query(
      """
      SELECT s.id::text, s.status, s.code, s.display_name, s.birth_date::text, s.sex,
             s.ethnicity, s.birthplace, s.personal_id
        FROM enrolment e
        JOIN student s ON s.school_id = e.school_id AND s.id = e.student_id
       WHERE e.school_id = \(name.school)::uuid AND e.class_id = \(name.id)::uuid
       ORDER BY s.code COLLATE "C"
      """
    )
  }

  private func assignments(of name: ClassName) async throws(StoreError) -> [Assignment] {
    try await query(
      """
      SELECT a.subject, a.display_name, s.code, s.display_name
        FROM assignment a JOIN staff s ON s.school_id = a.school_id AND s.code = a.teacher
       WHERE a.school_id = \(name.school)::uuid AND a.class_id = \(name.id)::uuid
      """
    )
  }

  /// The rows of the mark sheets of a class, or of one sheet, or of one pupil in it.
  func markRows(
    of name: ClassName,
    sheet: SheetKey?,
    student: String? = nil
  ) async throws(StoreError) -> [MarkSheetRow] {
    let subject = sheet?.subject.rawValue
    let term = sheet?.term.stored
    // A look-up a row, by the whole key: a join is slow by orders while the statistics are young.
    return try await query(
      """
      SELECT r.subject, r.term, r.student_id::text, r.comment, r.version,
             m.slots, m.ordinals, m.scores, m.levels, m.absences
        FROM mark_row r
       CROSS JOIN LATERAL (
             SELECT coalesce(array_agg(slot), '{}'), coalesce(array_agg(ordinal), '{}'),
                    coalesce(array_agg(score), '{}'), coalesce(array_agg(level), '{}'),
                    coalesce(array_agg(absence), '{}')
               FROM mark
              WHERE school_id = r.school_id AND class_id = r.class_id AND subject = r.subject
                AND term = r.term AND student_id = r.student_id
             ) AS m (slots, ordinals, scores, levels, absences)
       WHERE r.school_id = \(name.school)::uuid AND r.class_id = \(name.id)::uuid
         AND (\(subject)::text IS NULL OR r.subject = \(subject)::text)
         AND (\(term)::int IS NULL OR r.term = \(term)::int)
         AND (\(student)::uuid IS NULL OR r.student_id = \(student)::uuid)
      """
    )
  }

  private func conduct(of name: ClassName) async throws(StoreError) -> [ConductRow] {
    try await query(
      """
      SELECT term, student_id::text, level, excused, unexcused, comment FROM conduct
       WHERE school_id = \(name.school)::uuid AND class_id = \(name.id)::uuid
      """
    )
  }

  private func traits(of name: ClassName) async throws(StoreError) -> [TraitsRow] {
    try await query(
      """
      SELECT e.student_id::text, coalesce(c.comment, ''),
             ARRAY(SELECT t.trait FROM trait t
                    WHERE t.school_id = e.school_id AND t.class_id = e.class_id
                      AND t.period = \(Period.endOfYear.rawValue) AND t.student_id = e.student_id
                    ORDER BY t.trait),
             ARRAY(SELECT t.level FROM trait t
                    WHERE t.school_id = e.school_id AND t.class_id = e.class_id
                      AND t.period = \(Period.endOfYear.rawValue) AND t.student_id = e.student_id
                    ORDER BY t.trait)
        FROM enrolment e
        LEFT JOIN trait_comment c
          ON c.school_id = e.school_id AND c.class_id = e.class_id
         AND c.period = \(Period.endOfYear.rawValue) AND c.student_id = e.student_id
       WHERE e.school_id = \(name.school)::uuid AND e.class_id = \(name.id)::uuid
      """
    )
  }
}

/// What is said where a column holds a code that the program does not know.
private let unknownCode = "unknown code"

extension Row {
  /// The next column, read as a code by `make`.
  fileprivate mutating func next<Raw: ColumnDecodable, Value>(
    _ column: String,
    _ make: (Raw) -> Value?
  ) throws(StoreError) -> Value {
    let raw: Raw = try next()
    guard let value = make(raw) else { throw .decode(column: column, reason: unknownCode) }
    return value
  }
}

private struct ClassHeadRow: RowDecodable {
  let schoolYear: SchoolYear
  let displayName: String
  let grade: Grade
  let teacher: StaffMember

  init(row: inout Row) throws(StoreError) {
    schoolYear = try row.next("school_year") { (text: String) in SchoolYear(text) }
    displayName = try row.next()
    grade = try row.next("grade", Grade.init(rawValue:))
    teacher = try StaffMember(next: &row)
  }
}

extension StaffMember {
  fileprivate init(next row: inout Row) throws(StoreError) {
    let code: String = try row.next()
    self.init(code: code, name: try row.next())
  }
}

extension ClassStudent: RowDecodable {
  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    let status = try row.next("status") { (text: String) in
      StudentStatus(rawValue: text) ?? StudentStatus(named: text)
    }
    isAttending = status.isAttending
    let code: String = try row.next()
    let name: String = try row.next()
    let birthDate = try row.next("birth_date") { (text: String) in CivilDate(text) }
    let sex = try row.next("sex") { (text: String) in Sex(rawValue: text) ?? Sex(named: text) }
    let ethnicity: String = try row.next()
    let birthplace: String = try row.next()
    let personalID: String = try row.next()
    pupil = Pupil(
      code: code,
      name: name,
      dateOfBirth: birthDate,
      sex: sex,
      ethnicGroup: EthnicGroup(code: ethnicity) ?? EthnicGroup(named: ethnicity),
      birthplace: birthplace,
      personalID: PersonalID(personalID)
    )
  }
}

extension Assignment: RowDecodable {
  init(row: inout Row) throws(StoreError) {
    subject = SubjectCode(rawValue: try row.next())
    displayName = try row.next()
    teacher = try StaffMember(next: &row)
  }
}

/// A row of a mark sheet with the sheet that it stands in.
struct MarkSheetRow: RowDecodable {
  let key: SheetKey
  let row: MarkRow

  init(row: inout Row) throws(StoreError) {
    let subject = SubjectCode(rawValue: try row.next())
    key = SheetKey(subject: subject, term: try row.next("term", Term.init(stored:)))
    let student: String = try row.next()
    let comment: String = try row.next()
    let version: Int = try row.next()
    let slots: [String] = try row.next()
    let ordinals: [Int] = try row.next()
    let scores: [Int?] = try row.next()
    let levels: [String?] = try row.next()
    let absences: [String?] = try row.next()
    var marks: [Mark] = []
    for (index, code) in slots.enumerated() {
      guard let slot = MarkSlot(rawValue: code),
        let value = MarkValue(scores[index], levels[index], absences[index], in: slot)
      else { throw .decode(column: "mark", reason: unknownCode) }
      marks.append(Mark(slot: slot, ordinal: ordinals[index], value: value))
    }
    marks.sort { ($0.slot, $0.ordinal) < ($1.slot, $1.ordinal) }
    self.row = MarkRow(student: student, comment: comment, version: version, marks: marks)
  }
}

extension MarkValue {
  /// Joins the three columns of a mark; `nil` where they do not say what belongs in the slot.
  fileprivate init?(_ score: Int?, _ level: String?, _ absence: String?, in slot: MarkSlot) {
    if let score {
      self.init(tenths: score, in: slot)
    } else if let level {
      self.init(level: level, in: slot)
    } else if let absence = absence.flatMap(MarkAbsence.init(rawValue:)) {
      self = .absent(absence)
    } else {
      return nil
    }
  }
}

private struct ConductRow: RowDecodable {
  let term: Term
  let student: String
  let conduct: TermConduct

  init(row: inout Row) throws(StoreError) {
    term = try row.next("term", Term.init(stored:))
    student = try row.next()
    let level: ConductLevel?? = try row.next("level") { (code: String?) in
      code.map(ConductLevel.init(rawValue:)) ?? .some(nil)
    }
    let excused: Int? = try row.next()
    let unexcused: Int? = try row.next()
    var absences: Circular22.Absences?
    if let excused, let unexcused {
      absences = Circular22.Absences(excused: excused, unexcused: unexcused)
    }
    conduct = TermConduct(level: level ?? nil, absences: absences, comment: try row.next())
  }
}

private struct TraitsRow: RowDecodable {
  let student: String
  let traits: YearTraits

  init(row: inout Row) throws(StoreError) {
    student = try row.next()
    let comment: String = try row.next()
    let names: [String] = try row.next()
    let codes: [String] = try row.next()
    var levels: [Trait: TraitLevel] = [:]
    for (name, code) in zip(names, codes) {
      guard let trait = Trait(rawValue: name) ?? Trait(named: name),
        let level = TraitLevel(rawValue: code)
      else { throw .decode(column: "trait", reason: unknownCode) }
      levels[trait] = level
    }
    traits = YearTraits(levels: levels, comment: comment)
  }
}
