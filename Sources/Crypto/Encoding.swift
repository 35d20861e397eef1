/// Lower-case hexadecimal text.
package enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two digits a byte.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of an even number of digits in either case; `nil` for anything else.
  package static func decode(_ text: String) -> [UInt8]? {
    let values = text.utf8.map { UInt8(hexDigit: $0) }
    guard values.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: values.count, by: 2) {
      guard let high = values[index], let low = values[index + 1] else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

extension UInt8 {
  fileprivate init?(hexDigit: UInt8) {
    switch hexDigit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = hexDigit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self = hexDigit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self = hexDigit - UInt8(ascii: "A") + 10
    default: return nil
    }
  }
}

/// Base64 in its two alphabets (RFC 4648 §4 and §5), decoded strictly.
///
/// One value has exactly one text: no white space, no missing or surplus padding, and no bits left
/// over, so that a signature cannot be written in a second way.
package enum Base64 {
  private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  private static let standard = Alphabet(letters + "+/", padded: true)
  private static let url = Alphabet(letters + "-_", padded: false)

  /// With `+`, `/` and padding.
  package static func encode(_ bytes: [UInt8]) -> String { standard.encode(bytes) }

  /// The bytes of canonical, padded base64; `nil` for anything else.
  package static func decode(_ text: String) -> [UInt8]? { standard.decode(text) }

  /// With `-`, `_` and no padding.
  package static func encodeURL(_ bytes: [UInt8]) -> String { url.encode(bytes) }

  /// The bytes of canonical, unpadded base64url; `nil` for anything else.
  package static func decodeURL(_ text: String) -> [UInt8]? { url.decode(text) }

  private struct Alphabet {
    let digits: [UInt8]
    let values: [UInt8?]
    let padded: Bool

    init(_ text: String, padded: Bool) {
      digits = Array(text.utf8)
      var values = [UInt8?](repeating: nil, count: 256)
      for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
      self.values = values
      self.padded = padded
    }

    func encode(_ bytes: [UInt8]) -> String {
      var text: [UInt8] = []
      text.reserveCapacity((bytes.count + 2) / 3 * 4)
      let rest = bytes.count % 3
      var index = 0
      while index < bytes.count - rest {
        let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
        text.append(digits[group >> 18])
        text.append(digits[group >> 12 & 63])
        text.append(digits[group >> 6 & 63])
        text.append(digits[group & 63])
        index += 3
      }
      guard rest > 0 else { return String(decoding: text, as: UTF8.self) }
      let group = Int(bytes[index]) << 16 | (rest == 2 ? Int(bytes[index + 1]) << 8 : 0)
      for place in 0...rest { text.append(digits[group >> (18 - 6 * place) & 63]) }
      if padded { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - rest)) }
      return String(decoding: text, as: UTF8.self)
    }

    func decode(_ text: String) -> [UInt8]? {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(text.utf8.count / 4 * 3)
      var group: UInt32 = 0
      var bits = 0
      for digit in text.utf8 where digit != UInt8(ascii: "=") {
        guard let value = values[Int(digit)] else { return nil }
        group = group << 6 | UInt32(value)
        bits += 6
        guard bits >= 8 else { continue }
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
      // Padding in the wrong place and left-over bits show as a different text.
      return encode(bytes) == text ? bytes : nil
    }
  }
}
