import Roster
import ServiceKit

/// `schools/{school}/classes/{class}`.
struct ClassName: Sendable, Hashable {
  let school: OrganizationID
  let id: String

  var text: String { "schools/\(school)/classes/\(id)" }
}

/// `schools/{school}/students/{student}`.
struct StudentName: Sendable, Hashable {
  let school: OrganizationID
  let id: String

  var text: String { "schools/\(school)/students/\(id)" }
}

/// `schools/{school}/classes/{class}/markSheets/{subject}-{term}`.
struct MarkSheetName: Sendable, Hashable {
  let schoolClass: ClassName
  let key: SheetKey

  var text: String { "\(schoolClass.text)/markSheets/\(key.subject)-hk\(key.term.stored)" }
}

/// Which mark sheet of a class.
struct SheetKey: Sendable, Hashable {
  let subject: SubjectCode
  let term: Term
}

/// `schools/{school}/students/{student}/transcripts/{year}`.
struct TranscriptName: Sendable, Hashable {
  let student: StudentName
  let schoolYear: SchoolYear

  var text: String { "\(student.text)/transcripts/\(schoolYear)" }
}

extension Term {
  /// The term as the database and the API have it: 1 or 2.
  var stored: Int { self == .first ? 1 : 2 }

  /// Makes a term of 1 or 2; `nil` for anything else.
  init?(stored: Int) {
    guard let term = Self.allCases.first(where: { $0.stored == stored }) else { return nil }
    self = term
  }
}

extension SchoolYear {
  /// Reads the field `school_year` of a request.
  init(requested text: String) throws(Problem) {
    guard let year = SchoolYear(text) else {
      throw .invalid("school_year", "phải có dạng 2022-2023")
    }
    self = year
  }
}

extension Call {
  /// Reads the name of a class out of a field of the request.
  func className(_ name: String, field: String) throws(Problem) -> ClassName {
    let parts = try ids(name, ["schools", "classes"], field)
    return ClassName(school: parts[0], id: parts[1])
  }

  /// Reads the name of a pupil out of a field of the request.
  func studentName(_ name: String, field: String) throws(Problem) -> StudentName {
    let parts = try ids(name, ["schools", "students"], field)
    return StudentName(school: parts[0], id: parts[1])
  }

  /// Reads the name of a mark sheet out of a field of the request.
  ///
  /// Codes of subjects have hyphens: the term stands behind the last.
  func markSheetName(_ name: String, field: String) throws(Problem) -> MarkSheetName {
    let parts = try ids(name, ["schools", "classes", "markSheets"], field)
    for term in Term.allCases where parts[2].hasSuffix("-hk\(term.stored)") {
      return MarkSheetName(
        schoolClass: ClassName(school: parts[0], id: parts[1]),
        key: SheetKey(subject: SubjectCode(rawValue: String(parts[2].dropLast(4))), term: term)
      )
    }
    throw .notAllowed
  }

  /// Reads the name of a transcript out of a field of the request.
  func transcriptName(_ name: String, field: String) throws(Problem) -> TranscriptName {
    let parts = try ids(name, ["schools", "students", "transcripts"], field)
    guard let year = SchoolYear(parts[2]) else { throw .notAllowed }
    return TranscriptName(
      student: StudentName(school: parts[0], id: parts[1]),
      schoolYear: year
    )
  }

  /// The parts of a name, of which the first two must be ids: what is none names nothing.
  private func ids(
    _ name: String,
    _ pattern: [String],
    _ field: String
  ) throws(Problem) -> [String] {
    let parts = try parts(of: name, pattern, field: field)
    guard parts.prefix(2).allSatisfy(ResourceID.isValid) else { throw .notAllowed }
    return parts
  }
}
