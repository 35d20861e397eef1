/// The value of `grpc-timeout`: at most eight digits and a unit.
///
/// Source: "Timeout" in grpc/grpc `doc/PROTOCOL-HTTP2.md`.
enum Timeout {
  /// The time that a field's value stands for, `nil` if it is malformed.
  static func decode(_ value: Span<UInt8>) -> Duration? {
    guard (2...9).contains(value.count) else { return nil }
    var number: Int64 = 0
    for index in 0..<(value.count - 1) {
      let digit = value[index]
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    switch value[value.count - 1] {
    case UInt8(ascii: "H"): return .seconds(number * 3600)
    case UInt8(ascii: "M"): return .seconds(number * 60)
    case UInt8(ascii: "S"): return .seconds(number)
    case UInt8(ascii: "m"): return .milliseconds(number)
    case UInt8(ascii: "u"): return .microseconds(number)
    case UInt8(ascii: "n"): return .nanoseconds(number)
    default: return nil
    }
  }

  /// The field's value for a time, in the finest unit that holds it, rounded up.
  static func encode(_ duration: Duration) -> String {
    let limit: Int64 = 99_999_999
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return "0n" }
    if seconds < limit / 1_000_000 {
      let nanoseconds = seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
      if nanoseconds <= limit { return "\(nanoseconds)n" }
      let microseconds = (nanoseconds + 999) / 1000
      if microseconds <= limit { return "\(microseconds)u" }
    }
    if seconds < limit / 1000 {
      let part: Int64 = 1_000_000_000_000_000
      return "\(seconds * 1000 + (attoseconds + part - 1) / part)m"
    }
    if seconds < limit { return "\(seconds + (attoseconds > 0 ? 1 : 0))S" }
    if seconds / 60 < limit { return "\(seconds / 60 + 1)M" }
    return "\(min(seconds / 3600 + 1, limit))H"
  }
}
