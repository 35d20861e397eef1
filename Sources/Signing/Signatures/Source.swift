import API
import ServiceKit

/// What a document is made of: a mark sheet or a transcript of records, by its resource name.
struct Source: Sendable, Hashable {
  /// Kinds of source, as the tables name them.
  enum Kind: String, Sendable {
    case markSheet = "MARK_SHEET"
    case transcript = "TRANSCRIPT"

    /// The kind as the contract has it.
    var wire: SigningV1.DocumentKind { self == .markSheet ? .markSheet : .transcript }
  }

  /// The resource name in `hocba.records.v1`.
  let name: String
  let kind: Kind
  /// Id of the school.
  let school: String
  /// Mark sheets: id of the class, code of the subject, term 1 or 2.
  let sheet: Sheet?
  /// Transcripts: id of the pupil and the school year.
  let transcript: Transcript?

  struct Sheet: Sendable, Hashable {
    let schoolClass: String
    let subject: String
    let term: Int
  }

  struct Transcript: Sendable, Hashable {
    let student: String
    let schoolYear: String
  }

  /// Reads a resource name; `nil` if it is neither.
  init?(_ name: String) {
    self.name = name
    if let parts = ResourceName.parts(of: name, ["schools", "classes", "markSheets"]) {
      // The subject's code has hyphens of its own; the term is what follows the last.
      guard ResourceID.isValid(parts[1]), let hyphen = parts[2].lastIndex(of: "-"),
        let term = ["hk1": 1, "hk2": 2][parts[2][parts[2].index(after: hyphen)...]]
      else { return nil }
      kind = .markSheet
      school = parts[0]
      sheet = Sheet(schoolClass: parts[1], subject: String(parts[2][..<hyphen]), term: term)
      transcript = nil
    } else if let parts = ResourceName.parts(of: name, ["schools", "students", "transcripts"]) {
      guard ResourceID.isValid(parts[1]) else { return nil }
      kind = .transcript
      school = parts[0]
      sheet = nil
      transcript = Transcript(student: parts[1], schoolYear: parts[2])
    } else {
      return nil
    }
  }
}
