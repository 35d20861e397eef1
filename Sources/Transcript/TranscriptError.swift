package import Roster

/// Why a document cannot be written or read.
package enum TranscriptError: Error, Hashable {
  /// A value has a character that XML 1.0 does not allow.
  case forbiddenCharacter(element: String)
  /// A value that every document has is empty.
  case emptyValue(element: String)
  /// A digest is not 64 small hexadecimal digits.
  case malformedDigest(String)
  /// A result of the year that every transcript has is not there.
  case missingResult(element: String)
  /// A subject with a result has no row, or a row has no result.
  case rowsDoNotMatch(SubjectCode)
  /// The results are not those of the level to which the grade belongs.
  case wrongLevel(Grade)
  /// What should be read is not a payload as this library writes it.
  case notCanonical
}
