/// A day of the calendar, without a time and without a zone.
package struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The year, 1800 to 2999.
  package let year: Int
  /// The month, 1 to 12.
  package let month: Int
  /// The day of the month, from 1.
  package let day: Int

  /// Makes a day of the Gregorian calendar; `nil` when there is none such.
  package init?(year: Int, month: Int, day: Int) {
    guard (1800...2999).contains(year), (1...12).contains(month),
      (1...Self.days(inMonth: month, of: year)).contains(day)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `dd/MM/yyyy`, as Vietnamese forms write it (`2/9/2011` too), or ISO 8601 `yyyy-MM-dd`.
  package init?(_ text: String) {
    let forms = text.split(separator: "/", omittingEmptySubsequences: false)
    if forms.count == 3 {
      guard let day = digits(forms[0], count: 1...2), let month = digits(forms[1], count: 1...2),
        let year = digits(forms[2], count: 4...4)
      else { return nil }
      self.init(year: year, month: month, day: day)
      return
    }
    let iso = text.split(separator: "-", omittingEmptySubsequences: false)
    guard iso.count == 3, let year = digits(iso[0], count: 4...4),
      let month = digits(iso[1], count: 2...2), let day = digits(iso[2], count: 2...2)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The day in ISO 8601, `2011-02-28`.
  package var description: String { "\(year)-\(padded(month))-\(padded(day))" }

  /// The day as Vietnamese forms write it, `28/02/2011`.
  package var vietnameseText: String { "\(padded(day))/\(padded(month))/\(year)" }

  /// Orders days by time.
  package static func < (left: CivilDate, right: CivilDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
