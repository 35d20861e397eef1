import Crypto
package import Foundation

/// Ids in resource names: UUIDs as lower-case text.
package enum ResourceID {
  /// Whether a text is an id, in the one form that is written.
  package static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 36 else { return false }
    return bytes.indices.allSatisfy { index in
      switch index {
      case 8, 13, 18, 23: bytes[index] == UInt8(ascii: "-")
      default: (0x30...0x39).contains(bytes[index]) || (0x61...0x66).contains(bytes[index])
      }
    }
  }

  /// A new id, version 7 (RFC 9562 section 5.7): ids made later sort later.
  package static func make(now: Date) throws -> String {
    var bytes = try Random.bytes(16)
    let milliseconds = UInt64(max(0, now.timeIntervalSince1970 * 1000))
    for index in 0..<6 {
      bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * index))
    }
    bytes[6] = bytes[6] & 0x0F | 0x70
    bytes[8] = bytes[8] & 0x3F | 0x80
    let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let cuts = [0, 8, 12, 16, 20, 32]
    return zip(cuts, cuts.dropFirst())
      .map { String(hex.dropFirst($0).prefix($1 - $0)) }.joined(separator: "-")
  }
}

/// A resource name split into its parts: `schools/{school}/classes/{class}`.
package enum ResourceName {
  /// The variable parts of a name that fits a pattern; `nil` if it does not.
  ///
  /// - Parameters:
  ///   - name: The name as it came.
  ///   - pattern: The fixed parts in order, such as `["schools", "classes"]`.
  /// - Returns: As many parts as the pattern has.
  package static func parts(of name: String, _ pattern: [String]) -> [String]? {
    let segments = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard segments.count == 2 * pattern.count, name.utf8.count <= 256 else { return nil }
    var parts: [String] = []
    for (index, collection) in pattern.enumerated() {
      guard segments[2 * index] == collection, !segments[2 * index + 1].isEmpty else { return nil }
      parts.append(segments[2 * index + 1])
    }
    return parts
  }
}
