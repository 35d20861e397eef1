import FoundationEssentials

/// The custom metadata of a call: header fields in the order in which they came.
///
/// Keys are lower-case ASCII; a key that ends in `-bin` carries bytes, any other printable ASCII.
/// Source: "Custom-Metadata" in grpc/grpc `doc/PROTOCOL-HTTP2.md`.
package struct Metadata: Sendable, Equatable {
  /// A value as the application sees it.
  package enum Value: Sendable, Equatable {
    /// Printable ASCII.
    case text(String)
    /// Any bytes; base64 on the wire.
    case binary([UInt8])
  }

  /// One field.
  package struct Entry: Sendable, Equatable {
    /// In lower case.
    package let key: String

    /// Bytes if the key ends in `-bin`, text otherwise.
    package let value: Value
  }

  private var entries: [Entry] = []

  /// No fields.
  package init() {}

  /// The first text value for `key`, `nil` if there is none.
  package subscript(_ key: String) -> String? {
    let key = key.lowercased()
    for entry in entries where entry.key == key {
      if case .text(let text) = entry.value { return text }
    }
    return nil
  }

  /// The first bytes for `key` (which ends in `-bin`), `nil` if there are none.
  package subscript(binary key: String) -> [UInt8]? {
    let key = key.lowercased()
    for entry in entries where entry.key == key {
      if case .binary(let bytes) = entry.value { return bytes }
    }
    return nil
  }

  /// Adds a text value, keeping those that are there.
  ///
  /// - Returns: `false` if HTTP/2 or gRPC cannot carry such a field (a key that is reserved, empty,
  ///   of other characters or ends in `-bin`; a value that is not printable ASCII): it is
  ///   not added.
  @discardableResult
  package mutating func add(_ value: String, for key: String) -> Bool {
    let key = key.lowercased()
    guard Metadata.isKey(key), !key.hasSuffix("-bin"),
      value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }),
      value.utf8.first != 0x20, value.utf8.last != 0x20
    else { return false }
    entries.append(Entry(key: key, value: .text(value)))
    return true
  }

  /// Adds bytes, keeping those that are there.
  ///
  /// - Returns: `false` if the key is reserved, has other characters or does not end in `-bin`: it
  ///   is not added.
  @discardableResult
  package mutating func add(binary value: [UInt8], for key: String) -> Bool {
    let key = key.lowercased()
    guard Metadata.isKey(key), key.hasSuffix("-bin") else { return false }
    entries.append(Entry(key: key, value: .binary(value)))
    return true
  }

  /// Adds all fields of `other`.
  package mutating func add(_ other: Metadata) {
    entries.append(contentsOf: other.entries)
  }

  /// Adds a field as it came from the wire, where HTTP/2 has checked its characters.
  ///
  /// A binary field may hold several values, separated by commas.
  /// - Returns: `false` if a binary value is not base64.
  mutating func receive(_ value: String, for key: String) -> Bool {
    guard key.hasSuffix("-bin") else {
      entries.append(Entry(key: key, value: .text(value)))
      return true
    }
    for part in value.split(separator: ",", omittingEmptySubsequences: false) {
      guard let bytes = Metadata.decodeBase64(part) else { return false }
      entries.append(Entry(key: key, value: .binary(bytes)))
    }
    return true
  }

  private static func isKey(_ key: String) -> Bool {
    guard !key.isEmpty, !reserved.contains(key),
      !key.hasPrefix("grpc-") || key == retryPushback
    else { return false }
    return key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
  }

  /// The one field of gRPC's own that a handler sends, in its trailing metadata: after how many
  /// milliseconds the call may be made again, negative for never (gRFC A6).
  package static let retryPushback = "grpc-retry-pushback-ms"

  /// Fields that HTTP/2 forbids (RFC 9113 section 8.2.2) or that a call sets itself.
  private static let reserved: Set<String> = [
    "connection", "content-type", "host", "keep-alive", "proxy-connection", "te",
    "transfer-encoding", "upgrade", "user-agent", "content-length",
  ]

  /// Base64 as metadata has it on the wire: without padding.
  static func encodeBase64(_ bytes: [UInt8]) -> String {
    var text = Data(bytes).base64EncodedString()
    while text.last == "=" { text.removeLast() }
    return text
  }

  /// The bytes of base64 with or without padding, `nil` if it is something else.
  static func decodeBase64(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    let padding = (4 - digits.count % 4) % 4
    let given = text.utf8.count - digits.count
    // Foundation's decoder is lenient about padding and what stands after it.
    guard padding < 3, given == 0 || given == padding,
      text.utf8.suffix(given).allSatisfy({ $0 == UInt8(ascii: "=") })
    else { return nil }
    let padded = String(decoding: digits, as: UTF8.self) + String(repeating: "=", count: padding)
    return Data(base64Encoded: padded).map { [UInt8]($0) }
  }
}

extension Metadata: RandomAccessCollection {
  /// The position of the first field.
  package var startIndex: Int { entries.startIndex }

  /// The position after the last field.
  package var endIndex: Int { entries.endIndex }

  /// A field.
  package subscript(position: Int) -> Entry { entries[position] }
}
