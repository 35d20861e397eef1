/// An element of a document, to be written as its own exclusive canonical form.
///
/// All elements have the prefix of the document's namespace and all attributes have none, so that
/// canonicalisation comes to three rules (Canonical XML 1.0, section 2.3): attributes in the order
/// of their names, no white space that carries nothing, and one way to escape.
struct Element {
  private let name: String
  private let attributes: [String: String]
  private let text: String?
  private let children: [Element]

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

  /// The canonical bytes of a payload with this one element in it.
  func payload() throws(TranscriptError) -> [UInt8] {
    var bytes = Array(#"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload">"#.utf8)
    try write(into: &bytes)
    bytes += "</hb:Payload>".utf8
    return bytes
  }

  private func write(into bytes: inout [UInt8]) throws(TranscriptError) {
    bytes += "<hb:\(name)".utf8
    for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
      bytes += " \(key)=\"".utf8
      try write(value, inAttribute: true, into: &bytes)
      bytes += "\"".utf8
    }
    bytes += ">".utf8
    guard text != nil || !children.isEmpty else { throw .emptyValue(element: name) }
    if let text { try write(text, inAttribute: false, into: &bytes) }
    for child in children { try child.write(into: &bytes) }
    bytes += "</hb:\(name)>".utf8
  }

  private func write(
    _ value: String,
    inAttribute isAttribute: Bool,
    into bytes: inout [UInt8]
  ) throws(TranscriptError) {
    guard !value.isEmpty else { throw .emptyValue(element: name) }
    for scalar in value.unicodeScalars {
      guard Self.isAllowed(scalar) else { throw .forbiddenCharacter(element: name) }
      if let escape = Self.escape(scalar, inAttribute: isAttribute) {
        bytes += escape.utf8
      } else {
        bytes += scalar.utf8
      }
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
}
