/// A number written in decimal, exact: digits times a power of ten.
struct DecimalText {
  /// Without zeros at the front; empty for 0.
  private var digits: [UInt8]
  private var exponent: Int
  private var isNegative: Bool

  /// Reads what people type (`8,5`, `8.`, `10`) and what spreadsheets store
  /// (`7.0999999999999996`, `1E-3`); `nil` for anything else.
  ///
  /// More than fifteen significant digits are noise of binary fractions, which Excel stores but
  /// never shows, so they are rounded off.
  init?(_ text: String) {
    var rest = text.utf8[...]
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    digits = []
    exponent = 0
    let whole = rest.prefix(while: isDigit)
    guard !whole.isEmpty, text.utf8.count <= 40 else { return nil }
    rest = rest.dropFirst(whole.count)
    digits += whole.map { $0 - UInt8(ascii: "0") }
    if let separator = rest.first, [UInt8(ascii: "."), UInt8(ascii: ",")].contains(separator) {
      let fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
      digits += fraction.map { $0 - UInt8(ascii: "0") }
      exponent = -fraction.count
    }
    if let mark = rest.first {
      guard
        mark == UInt8(ascii: "E") || mark == UInt8(ascii: "e"),
        let power = Int(String(rest.dropFirst()) ?? ""), abs(power) <= 400
      else { return nil }
      exponent += power
    }
    normalise()
  }

  private mutating func normalise() {
    digits = Array(digits.drop { $0 == 0 })
    let significant = 15
    if digits.count > significant {
      let isRoundedUp = digits[significant] >= 5
      exponent += digits.count - significant
      digits.removeLast(digits.count - significant)
      if isRoundedUp { increment() }
    }
    while digits.last == 0 {
      digits.removeLast()
      exponent += 1
    }
  }

  private mutating func increment() {
    var place = digits.count - 1
    while place >= 0, digits[place] == 9 {
      digits[place] = 0
      place -= 1
    }
    if place >= 0 { digits[place] += 1 } else { digits.insert(1, at: 0) }
  }

  /// The number times `10^places`, when that is a whole number of at most eighteen digits.
  func whole(after places: Int = 0) -> Int? {
    guard !digits.isEmpty else { return 0 }
    let zeros = exponent + places
    guard zeros >= 0, digits.count + zeros <= 18 else { return nil }
    var value = 0
    for digit in digits { value = value * 10 + Int(digit) }
    for _ in 0..<zeros { value *= 10 }
    return isNegative ? -value : value
  }

  /// Tenths, halves rounded up: for averages that a spreadsheet computed and did not round.
  var roundedTenths: Int? {
    guard !isNegative, exponent >= -16 else { return nil }
    guard exponent < -1 else { return whole(after: 1) }
    let cut = -exponent - 1
    guard digits.count >= cut else { return 0 }
    var value = 0
    for digit in digits.dropLast(cut) { value = value * 10 + Int(digit) }
    return digits[digits.count - cut] >= 5 ? value + 1 : value
  }

  /// As a spreadsheet shows it.
  var text: String {
    guard !digits.isEmpty else { return "0" }
    let sign = isNegative ? "-" : ""
    let shown = digits.map { String($0) }.joined()
    guard (-20...20).contains(exponent) else { return "\(sign)\(shown)E\(exponent)" }
    if exponent >= 0 { return sign + shown + String(repeating: "0", count: exponent) }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + shown
    return "\(sign)\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
  }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
