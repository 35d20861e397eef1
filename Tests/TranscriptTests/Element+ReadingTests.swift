import Testing

@testable import Transcript

@Suite("Reading a payload")
struct ElementReadingTests {
  @Test func `gives back what was written`() throws {
    for document in [try #require(lowerSecondary()), try #require(primary())] {
      let bytes = try document.canonicalXML()
      let root = try Element(payload: bytes)
      #expect(root.name == "Transcript")
      #expect(root.child("Pupil")?.attributes["code"] == "7400100161")
      #expect(root.child("Pupil")?.child("Name")?.text == "Huỳnh Tuấn Sơn")
      #expect(root.child("Subjects")?.children.isEmpty == false)
      #expect(try root.payload() == bytes)
    }
  }

  @Test(arguments: ["<&>\"'", "a\rb\nc\td", "]]>", "&amp;", "Học bạ", "\u{FEFF}", "😀"])
  func `undoes every escape`(value: String) throws {
    let element = Element("A", ["a": value], text: value)
    #expect(try Element(payload: element.payload()) == element)
  }

  @Test(arguments: [
    "<hb:A<b>x</hb:A<b>", "<hb:A a&b=\"1\">x</hb:A>", "<hb:A xmlns=\"u\">x</hb:A>", "<hb:>x</hb:>",
    "<hb:A b:c=\"1\">x</hb:A>", "", "<hb:A>x</hb:A", "<hb:A>x</hb:B>", "<hb:A></hb:A>", "<hb:A/>",
    "<hb:A>x</hb:A><hb:A>x</hb:A>",
    "<hb:A >x</hb:A>", "<hb:A b=\"1\" a=\"1\">x</hb:A>", "<hb:A a=\"1\" a=\"1\">x</hb:A>",
    "<hb:A a='1'>x</hb:A>", "<hb:A><!-- --></hb:A>", "<hb:A>x<!-- -->y</hb:A>",
    "<hb:A>&#65;</hb:A>",
    "<hb:A>&nbsp;</hb:A>", "<hb:A>&</hb:A>", "<hb:A><![CDATA[x]]></hb:A>",
    "<hb:A> <hb:B>x</hb:B></hb:A>",
    "<hb:A><hb:B>x</hb:B> </hb:A>", "<hb:A>>x</hb:A>", "<hb:A>a\rb</hb:A>", "<A>x</A>",
    "<hb:A>x</hb:A> ",
  ])
  func `refuses every other way to say it`(content: String) {
    let bytes = Array((Element.payloadStart + content + Element.payloadEnd).utf8)
    #expect(throws: TranscriptError.self) { try Element(payload: bytes) }
  }

  @Test func `refuses bytes that are no text, and truncated ones`() throws {
    let bytes = try Element("A", text: "x").payload()
    let middle = try #require(bytes.lastIndex(of: UInt8(ascii: "x")))
    for wrong: UInt8 in [0x00, 0x80, 0xC0, 0xFF] {
      var changed = bytes
      changed[middle] = wrong
      #expect(throws: TranscriptError.self) { try Element(payload: changed) }
    }
    for count in bytes.indices {
      #expect(throws: TranscriptError.self) { try Element(payload: Array(bytes.prefix(count))) }
    }
  }

  @Test func `refuses elements nested too deep`() {
    let deep = (String(repeating: "<hb:A>", count: 100_000) + "x").utf8
    let bytes = Array(Element.payloadStart.utf8) + deep
    #expect(throws: TranscriptError.notCanonical) { try Element(payload: bytes) }
  }
}
