import Foundation
import Roster
import ServiceKit

/// Texts of requests, checked the same way everywhere.
enum RequestText {
  /// A text for people: NFC, without white space around it, not empty.
  static func required(
    _ text: String,
    _ field: String,
    limit: Int
  ) throws(Problem) -> String {
    let clean = text.precomposedStringWithCanonicalMapping
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let isPrintable = clean.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard !clean.isEmpty, clean.count <= limit, isPrintable else {
      throw .invalid(field, "từ 1 đến \(limit) kí tự")
    }
    return clean
  }

  /// A date that exists, ISO 8601.
  static func date(_ text: String, _ field: String) throws(Problem) -> String {
    // Forms write days in another order, which a contract does not.
    guard CivilDate(text)?.description == text else {
      throw .invalid(field, "phải là một ngày, dạng YYYY-MM-DD")
    }
    return text
  }
}
