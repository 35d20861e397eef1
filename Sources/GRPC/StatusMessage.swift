/// The value of `grpc-message`: UTF-8 of which only printable ASCII but `%` stands for itself.
///
/// Source: "Status-Message" in grpc/grpc `doc/PROTOCOL-HTTP2.md`.
enum StatusMessage {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// The field's value for a text, of which no more than `limit` bytes of UTF-8 are taken.
  static func encode(_ text: String, limit: Int = .max) -> [UInt8] {
    let bytes = text.utf8.prefix(limit)
    var encoded: [UInt8] = []
    let last = bytes.count - 1
    encoded.reserveCapacity(last + 1)
    for (index, byte) in bytes.enumerated() {
      // White space at either end is malformed in HTTP/2 (RFC 9113 section 8.2.1), and resets the
      // stream.
      let isEnd = index == 0 || index == last
      if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "%"), !isEnd || byte != 0x20 {
        encoded.append(byte)
      } else {
        encoded.append(UInt8(ascii: "%"))
        encoded.append(digits[Int(byte >> 4)])
        encoded.append(digits[Int(byte & 0xf)])
      }
    }
    return encoded
  }

  /// The text that a field's value stands for; what is not well encoded stays as it is, for the
  /// message must never hide the status.
  static func decode(_ value: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.count)
    var index = 0
    while index < value.count {
      if value[index] == UInt8(ascii: "%"), index + 2 < value.count,
        let high = hexadecimal(value[index + 1]), let low = hexadecimal(value[index + 2])
      {
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(value[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
