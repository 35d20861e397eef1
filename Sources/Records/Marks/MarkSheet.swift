import API
import Assessment
import Roster
import Transcript

/// The marks of a class in one subject and term.
struct MarkSheet: Sendable {
  let name: MarkSheetName
  let subject: Subject
  /// The subject's name as the school calls it.
  let displayName: String
  /// The teacher who signs; `nil` while nobody is assigned.
  let teacher: StaffMember?
  let grade: Grade
  /// The pupils of the class by code.
  let students: [ClassStudent]
  /// By id of the pupil.
  let rows: [String: MarkRow]

  /// The pupils of whom marks are due, and those who have left with some.
  var listed: [ClassStudent] {
    let isElective = subject.offerings[grade]?.isElective ?? false
    return students.filter { student in
      (student.isAttending && !isElective) || rows[student.id]?.marks.isEmpty == false
    }
  }

  /// Whether each pupil who attends has all marks that the law requires for the term.
  var isComplete: Bool {
    listed.allSatisfy { !$0.isAttending || isComplete(rows[$0.id]) }
  }

  private func isComplete(_ row: MarkRow?) -> Bool {
    guard subject.kind == .level else { return result(row) != nil }
    let tested = subject.testedPeriods(in: grade)
    return Period.all(in: name.key.term).allSatisfy { period in
      row?.level(at: period) != nil && (!tested.contains(period) || row?.test(at: period) != nil)
    }
  }

  /// The average or result of the term in lower secondary school; `nil` while a required mark is
  /// missing, and in primary school.
  func result(_ row: MarkRow?) -> MarkSheetDocument.Result? {
    guard subject.kind != .level else { return nil }
    switch subject.termMarks(row, in: grade) {
    case .scored(let marks, let required):
      return Circular22.Article09.termAverage(marks, required: required).map { .average($0) }
    case .comments(let marks): return Circular22.Article09.termResult(marks).map { .comment($0) }
    case .carriedAverage(let score): return .average(score)
    case .carriedComment(let level): return .comment(level)
    }
  }
}

extension ClassRecord {
  /// The subjects of the class in the order of the transcript: those that the grade must have, and
  /// the electives that somebody is assigned to.
  var subjects: [Subject] {
    SubjectCatalogue.curriculum2018.subjects(in: head.grade).filter { subject in
      !isElective(subject) || assignments[subject.code] != nil
    }
  }

  /// The mark sheet of a subject and term; `nil` where the class does not have the subject.
  func sheet(_ key: SheetKey) -> MarkSheet? {
    subjects.first { $0.code == key.subject }.map { sheet($0, key.term) }
  }

  /// All mark sheets, by subject and term.
  var sheets: [MarkSheet] {
    subjects.flatMap { subject in Term.allCases.map { sheet(subject, $0) } }
  }

  /// Whether pupils may choose not to take a subject.
  func isElective(_ subject: Subject) -> Bool {
    subject.offerings[head.grade]?.isElective ?? false
  }

  private func sheet(_ subject: Subject, _ term: Term) -> MarkSheet {
    let key = SheetKey(subject: subject.code, term: term)
    return MarkSheet(
      name: MarkSheetName(schoolClass: head.name, key: key),
      subject: subject,
      displayName: assignments[subject.code]?.displayName ?? subject.name,
      teacher: assignments[subject.code]?.teacher,
      grade: head.grade,
      students: students,
      rows: rows[key] ?? [:]
    )
  }
}

// MARK: On the wire

extension MarkSheet {
  /// The sheet without rows and document, as lists have it.
  func summary(_ version: DocumentVersion?) -> RecordsV1.MarkSheet {
    RecordsV1.MarkSheet(
      name: name.text,
      subject: subject.code.rawValue,
      subjectDisplayName: displayName,
      term: Int32(name.key.term.stored),
      teacher: teacher?.code ?? "",
      complete: isComplete,
      state: version?.state ?? .unsigned
    )
  }

  /// The whole sheet.
  func wire(_ version: DocumentVersion?) -> RecordsV1.MarkSheet {
    var sheet = summary(version)
    sheet.rows = students.map { row(of: $0, rows[$0.id]) }
    sheet.payload = version?.payload ?? []
    sheet.payloadDigest = version?.digest ?? ""
    return sheet
  }

  /// A pupil's row; without an etag where there is no row yet.
  func row(of student: ClassStudent, _ row: MarkRow?) -> RecordsV1.MarkRow {
    RecordsV1.MarkRow(
      student: StudentName(school: name.schoolClass.school, id: student.id).text,
      studentCode: student.code,
      studentDisplayName: student.displayName,
      marks: row?.marks.map(RecordsV1.Mark.init) ?? [],
      average: result(row).map { result in
        switch result {
        case .average(let score): .init(slot: .average, value: .scoreTenths(Int32(score.tenths)))
        case .comment(let level): .init(slot: .average, value: .level(level.rawValue))
        }
      },
      comment: row?.comment ?? "",
      etag: row.map { "\($0.version)" } ?? ""
    )
  }
}
