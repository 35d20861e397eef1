/// PostgreSQL's text form of arrays of one dimension (documentation of version 15, 8.15.6).
enum ArrayLiteral {
  /// The literal of these elements; `nil` is NULL.
  static func text(of elements: some Sequence<String?>) -> String {
    var bytes = [UInt8(ascii: "{")]
    for element in elements {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      guard let element else {
        bytes.append(contentsOf: "NULL".utf8)
        continue
      }
      // Always quoted: one rule instead of a list of the characters that need it.
      bytes.append(UInt8(ascii: "\""))
      for byte in element.utf8 {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          bytes.append(UInt8(ascii: "\\"))
        }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
    }
    bytes.append(UInt8(ascii: "}"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The elements of a literal; `nil` when it is not an array of one dimension.
  static func elements(of text: String) -> [String?]? {
    var rest = Array(text.utf8)[...]
    guard rest.popFirst() == UInt8(ascii: "{") else { return nil }
    if rest.elementsEqual("}".utf8) { return [] }
    var elements: [String?] = []
    while true {
      guard let element = element(&rest) else { return nil }
      elements.append(element)
      switch rest.popFirst() {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "}"): return rest.isEmpty ? elements : nil
      default: return nil
      }
    }
  }

  /// Reads one element; `nil` is malformed, `.some(nil)` is NULL.
  private static func element(_ rest: inout ArraySlice<UInt8>) -> String?? {
    guard rest.first == UInt8(ascii: "\"") else {
      let word = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
      guard !word.isEmpty, !word.contains(UInt8(ascii: "{")), !word.contains(UInt8(ascii: "\""))
      else { return nil }
      rest = rest[word.endIndex...]
      let text = String(decoding: word, as: UTF8.self)
      return .some(text == "NULL" ? nil : text)
    }
    var bytes: [UInt8] = []
    rest.removeFirst()
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = rest.popFirst() else { return nil }
        bytes.append(escaped)
      default:
        bytes.append(byte)
      }
    }
    return nil
  }
}
