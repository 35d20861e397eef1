/// Unix time as XML has it: `2023-05-25T08:30:00Z`, years 1970 to 9999.
enum SigningTime {
  static let range: ClosedRange<Int64> = 0...253_402_300_799

  static func text(_ time: Int64) -> String {
    let (days, second) = time.quotientAndRemainder(dividingBy: 86_400)
    let date = date(ofDay: days)
    let year = padded(date.year, 4)
    let day = "\(year)-\(padded(date.month))-\(padded(date.day))"
    return "\(day)T\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
  }

  /// `nil` for any other form, or a time that does not exist.
  static func parse(_ text: String) -> Int64? {
    let numbers = text.split { "-T:Z".contains($0) }.map { Int64($0) ?? -1 }
    guard numbers.count == 6, numbers.allSatisfy({ (0...9_999).contains($0) }) else { return nil }
    let day = day(year: numbers[0], month: numbers[1], day: numbers[2])
    let time = day * 86_400 + numbers[3] * 3_600 + numbers[4] * 60 + numbers[5]
    return range.contains(time) && self.text(time) == text ? time : nil
  }

  private static func padded(_ number: Int64, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  // Years begin in March here, so that the leap day is the last; eras have 400 years.
  private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year % 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(ofDay number: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = number + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
