import Testing

@testable import Transcript

@Suite("Canonical XML")
struct CanonicalXMLTests {
  @Test func `writes attributes in order and leaves absent values out`() throws {
    let element = Element(
      "A",
      ["b": "2", "a": "1", "c": "3"],
      of: [nil, .optional("B", text: nil), .optional("B", text: ""), Element("C", text: "0")]
    )
    #expect(
      text(try element.payload())
        == #"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload">"#
        + #"<hb:A a="1" b="2" c="3"><hb:C>0</hb:C></hb:A></hb:Payload>"#
    )
  }

  @Test(arguments: [
    "<&>\"'", "a\rb", "a\nb\tc", "\r\n", " x ", "]]>", "\u{85}\u{2028}", "\u{FEFF}", "\u{FFFD}",
    "Học bạ điện tử", "Ho\u{323}c", "😀", "\u{E000}", "&amp;",
  ])
  func `escapes as canonicalisation does`(value: String) throws {
    let bytes = try Element("A", ["a": value], text: value).payload()
    #expect(try isCanonical(bytes))
  }

  @Test(arguments: ["\u{0}", "\u{1}", "\u{B}", "\u{1F}", "a\u{FFFE}", "\u{FFFF}"])
  func `refuses what XML 1.0 forbids`(value: String) {
    #expect(throws: TranscriptError.forbiddenCharacter(element: "A")) {
      try Element("A", text: value).payload()
    }
    #expect(throws: TranscriptError.forbiddenCharacter(element: "A")) {
      try Element("A", ["a": value], text: "x").payload()
    }
  }

  @Test func `refuses a required value that is empty`() {
    #expect(throws: TranscriptError.emptyValue(element: "A")) {
      try Element("A", text: "").payload()
    }
    #expect(throws: TranscriptError.emptyValue(element: "A")) {
      try Element("A", ["a": ""], text: "x").payload()
    }
    #expect(throws: TranscriptError.emptyValue(element: "A")) {
      try Element("A", of: [nil]).payload()
    }
  }

  @Test func `agrees with xmllint on every character that XML 1.0 allows below U+10000`() throws {
    let allowed = (0...0xFFFF).compactMap(Unicode.Scalar.init(_:)).filter { scalar in
      (try? Element("A", text: String(scalar)).payload()) != nil
    }
    // 0xFFFF − 0x20 less 2048 surrogates and U+FFFE, and three control characters.
    #expect(allowed.count == 0xFFFE - 0x20 - 2048 + 3)
    var all = ""
    all.unicodeScalars.append(contentsOf: allowed)
    #expect(try isCanonical(try Element("A", ["a": all], text: all).payload()))
  }
}
