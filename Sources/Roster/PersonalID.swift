/// A personal identification number (*số định danh cá nhân*): twelve digits without a check digit.
///
/// Digits 1 to 3 are the province (or country) of birth registration, digit 4 is century and sex,
/// digits 5 and 6 are the year of birth, the others are random.
package struct PersonalID: Sendable, Hashable, CustomStringConvertible {
  /// The twelve digits.
  package let description: String

  /// Takes twelve ASCII digits; `nil` for anything else.
  package init?(_ text: String) {
    guard digits(text, count: 12...12) != nil else { return nil }
    description = text
  }

  /// What a number and the person who bears it can disagree in.
  ///
  /// Numbers are made anew when a sex is determined again or a year of birth corrected, so that a
  /// disagreement is a warning to be answered with a reason, not proof of an error.
  package enum Mismatch: String, Sendable, Hashable, CaseIterable {
    /// The first three digits are no province; births registered abroad have country codes.
    case province = "province"
    /// The fourth digit stands for the other sex.
    case sex = "sex"
    /// The fourth to sixth digits stand for another year of birth.
    case yearOfBirth = "year-of-birth"
  }

  /// The sex for which the fourth digit stands: even for male.
  package var sex: Sex { number(3..<4) % 2 == 0 ? .male : .female }

  /// The year for which the fourth to sixth digits stand: 0 and 1 for 1900 to 1999, and so on.
  package var yearOfBirth: Int { 1900 + number(3..<4) / 2 * 100 + number(4..<6) }

  /// Compares the number with the person who bears it.
  /// - Returns: What does not agree, in the order of the digits; empty when all agrees.
  package func mismatches(dateOfBirth: CivilDate, sex: Sex) -> [Mismatch] {
    var found: [Mismatch] = []
    if !Self.provinces.contains(number(0..<3)) { found.append(.province) }
    if sex != self.sex { found.append(.sex) }
    if dateOfBirth.year != yearOfBirth { found.append(.yearOfBirth) }
    return found
  }

  private func number(_ positions: Range<Int>) -> Int {
    description.utf8.dropFirst(positions.lowerBound).prefix(positions.count)
      .reduce(0) { $0 * 10 + Int($1) - 48 }
  }

  /// The 63 provinces of before July 2025; numbers keep them although provinces have merged.
  private static let provinces: Set<Int> = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37,
    38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77,
    79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
  ]
}
