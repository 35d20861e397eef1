/// The level of a school or of a subject (*cấp học*).
package enum SchoolLevel: String, Sendable, Hashable, CaseIterable {
  /// Primary (*tiểu học*), grades 1 to 5.
  case primary = "TH"
  /// Lower secondary (*trung học cơ sở*), grades 6 to 9.
  case lowerSecondary = "THCS"
}

/// A grade (*khối*, *lớp*), 1 to 9.
package struct Grade: RawRepresentable, Sendable, Hashable, Comparable, CaseIterable {
  /// The number of the grade, 1 to 9.
  package let rawValue: Int

  /// Makes a grade of primary or lower secondary school; `nil` outside 1 to 9.
  package init?(rawValue: Int) {
    guard (1...9).contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  /// The nine grades in their order.
  package static let allCases: [Grade] = (1...9).compactMap(Grade.init(rawValue:))

  /// The level to which the grade belongs.
  package var level: SchoolLevel { rawValue <= 5 ? .primary : .lowerSecondary }

  /// Tells whether the grade completes its level: 5 and 9.
  package var isLastOfLevel: Bool { rawValue == 5 || rawValue == 9 }

  /// Orders grades from the youngest pupils to the oldest.
  package static func < (left: Grade, right: Grade) -> Bool { left.rawValue < right.rawValue }
}
