/// An element of a document, as it is written in its own exclusive canonical form.
///
/// All elements have the prefix of the document's namespace and all attributes have none, so that
/// canonicalisation comes to three rules (Canonical XML 1.0, section 2.3): attributes in the order
/// of their names, no white space that carries nothing, and one way to escape.
package struct Element: Sendable, Hashable {
  /// The name without the prefix.
  package let name: String
  /// The attributes.
  package let attributes: [String: String]
  /// The text; `nil` where there are children.
  package let text: String?
  /// The elements in it.
  package let children: [Element]

  /// An element with others in it; those that are `nil` are left out.
  init(_ name: String, _ attributes: [String: String] = [:], of children: [Element?]) {
    self.name = name
    self.attributes = attributes
    text = nil
    self.children = children.compactMap(\.self)
  }

  /// An element with a text, which must not be empty.
  init(_ name: String, _ attributes: [String: String] = [:], text: String) {
    self.name = name
    self.attributes = attributes
    self.text = text
    children = []
  }

  /// An element for a value that may be absent: `nil` for an absent or empty text.
  static func optional(_ name: String, text: String?) -> Element? {
    guard let text, !text.isEmpty else { return nil }
    return Element(name, text: text)
  }

  /// The first element in it that has a name.
  package func child(_ name: String) -> Element? { children.first { $0.name == name } }

  /// The canonical bytes of a payload with this one element in it.
  func payload() throws(TranscriptError) -> [UInt8] {
    var bytes = Array(Self.payloadStart.utf8)
    try write(into: &bytes)
    bytes += Self.payloadEnd.utf8
    return bytes
  }

  static let payloadStart = #"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload">"#
  static let payloadEnd = "</hb:Payload>"

  private func write(into bytes: inout [UInt8]) throws(TranscriptError) {
    bytes += "<hb:".utf8
    bytes += name.utf8
    for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
      bytes += " ".utf8
      bytes += key.utf8
      bytes += "=\"".utf8
      try write(value, inAttribute: true, into: &bytes)
      bytes += "\"".utf8
    }
    bytes += ">".utf8
    guard text != nil || !children.isEmpty else { throw .emptyValue(element: name) }
    if let text { try write(text, inAttribute: false, into: &bytes) }
    for child in children { try child.write(into: &bytes) }
    bytes += "</hb:".utf8
    bytes += name.utf8
    bytes += ">".utf8
  }

  private func write(
    _ value: String,
    inAttribute isAttribute: Bool,
    into bytes: inout [UInt8]
  ) throws(TranscriptError) {
    guard !value.isEmpty else { throw .emptyValue(element: name) }
    guard !value.utf8.allSatisfy(Self.isPlain) else {
      bytes += value.utf8
      return
    }
    for scalar in value.unicodeScalars {
      guard Self.isAllowed(scalar) else { throw .forbiddenCharacter(element: name) }
      if let escape = Self.escape(scalar, inAttribute: isAttribute) {
        bytes += escape.utf8
      } else {
        bytes += scalar.utf8
      }
    }
  }

  /// Whether a byte is part of no character that is escaped or forbidden, wherever it stands; 0xEF
  /// begins the two forbidden ones above the controls.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, 0xEF, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "\""):
      false
    default: true
    }
  }

  /// Tells whether XML 1.0, section 2.2, allows a character.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar, inAttribute isAttribute: Bool) -> String? {
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case "\r": "&#xD;"
    case ">" where !isAttribute: "&gt;"
    case "\"" where isAttribute: "&quot;"
    case "\t" where isAttribute: "&#x9;"
    case "\n" where isAttribute: "&#xA;"
    default: nil
    }
  }

  /// The characters for which the escapes stand, for reading.
  static let escapes: [String: UInt8] = [
    "&amp;": UInt8(ascii: "&"), "&lt;": UInt8(ascii: "<"), "&gt;": UInt8(ascii: ">"),
    "&quot;": UInt8(ascii: "\""), "&#x9;": UInt8(ascii: "\t"), "&#xA;": UInt8(ascii: "\n"),
    "&#xD;": UInt8(ascii: "\r"),
  ]
}
