import API
import Assessment
import Roster
import Transcript

/// What the documents of a class are made of: its record, and what has been signed of it.
struct ClassDocuments: Sendable {
  let record: ClassRecord
  let school: School
  /// By source, the oldest first.
  let signed: [String: [SignedVersion]]

  /// The document of a mark sheet as it is to be signed; `nil` while there is nobody to sign it or
  /// nobody in it.
  func version(of sheet: MarkSheet) throws(TranscriptError) -> DocumentVersion? {
    guard let document = sheet.document(of: record.head.schoolClass(of: school)) else { return nil }
    return try version(sheet.name.text) { (revision) throws(TranscriptError) in
      var document = document
      document.revision = revision
      return try document.canonicalXML()
    }
  }

  /// The document of a mark sheet beside its last signed version; `nil` where there is none.
  func signedVersion(of sheet: MarkSheet) throws(TranscriptError) -> DocumentVersion? {
    signed[sheet.name.text] == nil ? nil : try version(of: sheet)
  }

  /// A document as it is to be signed, after what has been signed of its source.
  func version(
    _ source: String,
    _ make: (Revision) throws(TranscriptError) -> [UInt8]
  ) throws(TranscriptError) -> DocumentVersion {
    try DocumentVersion(after: signed[source] ?? [], make)
  }
}
