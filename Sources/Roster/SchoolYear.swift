/// A school year (*năm học*), from August to July, written `2022-2023`.
package struct SchoolYear: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The calendar year in which the school year begins, 1945 to 2998.
  package let startYear: Int

  /// Makes the year that begins in August of a calendar year; `nil` outside 1945 to 2998.
  package init?(startYear: Int) {
    guard (1945...2998).contains(startYear) else { return nil }
    self.startYear = startYear
  }

  /// Makes a year that stands in the source.
  init(known startYear: Int) { self.startYear = startYear }

  /// Reads `2022-2023`; `nil` for any other form and for years that do not follow each other.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2,
      let start = digits(parts[0], count: 4...4),
      let end = digits(parts[1], count: 4...4),
      end == start + 1
    else { return nil }
    self.init(startYear: start)
  }

  /// Makes the school year in which a day falls; `nil` outside 1945 to 2998.
  package init?(containing date: CivilDate) {
    self.init(startYear: date.month >= 8 ? date.year : date.year - 1)
  }

  /// The year as it is written, for example `2022-2023`.
  package var description: String { "\(startYear)-\(startYear + 1)" }

  /// Orders years by time.
  package static func < (left: SchoolYear, right: SchoolYear) -> Bool {
    left.startYear < right.startYear
  }
}

/// The number that a text of ASCII digits spells; `nil` for anything else.
func digits(_ text: some StringProtocol, count: ClosedRange<Int>) -> Int? {
  guard count.contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
    return nil
  }
  return Int(text)
}
