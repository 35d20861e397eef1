import Roster

/// How a workbook counts days.
enum DateSystem {
  /// Day 1 is 1 January 1900, and there is a day 60 that never was (29 February 1900).
  case since1900
  /// Day 0 is 1 January 1904, as on early Macintoshes.
  case since1904

  /// The day of a serial number written as decimal text; the time of day is dropped.
  /// - Returns: `nil` when it is no serial number of a day between 1900 and 2999.
  func day(ofSerial text: String) -> CivilDate? {
    let whole = text.prefix { $0 != "." }
    let rest = text.dropFirst(whole.count + 1)
    guard
      let serial = Int(whole), serial >= 0, serial <= 2_958_465,
      rest.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    switch self {
    case .since1904: return CivilDate(dayNumber: daysBefore(year: 1904) + serial)
    case .since1900 where serial == 0 || serial == 60: return nil
    case .since1900:
      let skipped = serial > 60 ? 2 : 1
      return CivilDate(dayNumber: daysBefore(year: 1900) + serial - skipped)
    }
  }
}

extension CivilDate {
  /// The day that begins after so many days since the first of January of year 0.
  fileprivate init?(dayNumber: Int) {
    // A year has at least 365 days, so this never starts too late by more than it catches up.
    var year = dayNumber / 366
    while daysBefore(year: year + 1) <= dayNumber { year += 1 }
    let isLeap = daysBefore(year: year + 1) - daysBefore(year: year) == 366
    var rest = dayNumber - daysBefore(year: year)
    var month = 1
    for length in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
      guard rest >= length else { break }
      rest -= length
      month += 1
    }
    self.init(year: year, month: month, day: rest + 1)
  }
}

/// Days of the Gregorian calendar from year 0 up to the first of January of `year`.
private func daysBefore(year: Int) -> Int {
  guard year > 0 else { return 0 }
  let last = year - 1
  return 365 * year + last / 4 - last / 100 + last / 400 + 1
}
