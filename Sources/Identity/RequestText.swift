import Foundation
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
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let style = Date.ISO8601FormatStyle().year().month().day()
    guard text.utf8.count == 10, parts.map(\.count) == [4, 2, 2],
      let date = try? Date(text, strategy: style), date.formatted(style) == text
    else { throw .invalid(field, "phải là một ngày, dạng YYYY-MM-DD") }
    return text
  }
}
