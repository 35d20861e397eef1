extension Element {
  /// Reads a payload that this library wrote, and nothing else.
  ///
  /// The reader is lax because it need not be more: what was read is written again and must come to
  /// the same bytes, so that there is no second way to say a thing. Whether the content makes sense
  /// is the schema's to say, and whether it is signed the verifier's.
  /// - Parameter payload: The element `hb:Payload`, which comes to the one element in it.
  /// - Throws: `TranscriptError.notCanonical` for anything but a canonical payload.
  package init(payload: [UInt8]) throws(TranscriptError) {
    var reader = Reader(rest: payload[...])
    try reader.skip(Element.payloadStart)
    self = try reader.element(depth: 0)
    try reader.skip(Element.payloadEnd)
    guard reader.rest.isEmpty, try self.payload() == payload else { throw .notCanonical }
  }
}

/// Takes a payload apart from its beginning.
private struct Reader {
  /// What has not been read yet.
  var rest: ArraySlice<UInt8>

  /// Documents of this schema are six elements deep.
  private static let greatestDepth = 16

  mutating func skip(_ expected: String) throws(TranscriptError) {
    guard rest.starts(with: expected.utf8) else { throw .notCanonical }
    rest.removeFirst(expected.utf8.count)
  }

  mutating func element(depth: Int) throws(TranscriptError) -> Element {
    guard depth < Self.greatestDepth else { throw .notCanonical }
    try skip("<hb:")
    let name = try takeName()
    var attributes: [String: String] = [:]
    while rest.first == UInt8(ascii: " ") {
      rest.removeFirst()
      let key = try takeName()
      // It would be no attribute but a namespace, and the document has only its own.
      guard key != "xmlns" else { throw .notCanonical }
      try skip("=\"")
      attributes[key] = try unescaped(take { $0 == UInt8(ascii: "\"") })
      try skip("\"")
    }
    try skip(">")
    if !rest.starts(with: "<".utf8) {
      let text = try unescaped(take { $0 == UInt8(ascii: "<") })
      try skip("</hb:\(name)>")
      return Element(name, attributes, text: text)
    }
    var children: [Element] = []
    while rest.starts(with: "<hb:".utf8) { children.append(try element(depth: depth + 1)) }
    try skip("</hb:\(name)>")
    return Element(name, attributes, of: children)
  }

  /// Takes a name, which in this schema is of ASCII letters.
  private mutating func takeName() throws(TranscriptError) -> String {
    let name = rest.prefix { (65...90).contains($0) || (97...122).contains($0) }
    guard !name.isEmpty else { throw .notCanonical }
    rest = rest[name.endIndex...]
    return String(decoding: name, as: UTF8.self)
  }

  /// Takes what stands before the first byte of a kind, which must come.
  private mutating func take(
    until isEnd: (UInt8) -> Bool
  ) throws(TranscriptError) -> String {
    guard let end = rest.firstIndex(where: isEnd) else { throw .notCanonical }
    defer { rest = rest[end...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private func unescaped(_ text: String) throws(TranscriptError) -> String {
    var plain: [UInt8] = []
    var reader = Reader(rest: Array(text.utf8)[...])
    while let byte = reader.rest.first {
      guard byte == UInt8(ascii: "&") else {
        plain.append(byte)
        reader.rest.removeFirst()
        continue
      }
      let escape = try reader.take { $0 == UInt8(ascii: ";") }
      try reader.skip(";")
      guard let character = Element.escapes["\(escape);"] else { throw .notCanonical }
      plain.append(character)
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
