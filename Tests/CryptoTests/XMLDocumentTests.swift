import Crypto
import Testing

@Suite("XML")
struct XMLDocumentTests {
  private func document(_ text: String) throws -> XMLDocument {
    try XMLDocument(parsing: Array(text.utf8))
  }

  @Test func `navigates by name and namespace`() throws {
    let root = try document(
      #"<a xmlns="urn:a" xmlns:b="urn:b" n="1" b:n="2"><!-- x --><c>Điểm</c><b:c/><c>8,5</c></a>"#
    ).root
    #expect(root.name == "a")
    #expect(root.namespace == "urn:a")
    #expect(root.attribute("n") == "1")
    #expect(root.attribute("b:n") == nil)
    #expect(root.attributes.map(\.namespace) == ["", "urn:b"])
    #expect(root.children.map(\.name) == ["c", "c", "c"])
    #expect(root.children("c").map(\.text) == ["Điểm", "8,5"])
    #expect(root.child("c", in: "urn:b")?.text == "")
    #expect(root.child("d") == nil)
  }

  @Test func `writes one element as it stands alone`() throws {
    let document = try document(
      #"<a:r xmlns:a="urn:a" xmlns:b="urn:b" xmlns:u="urn:u"><b:e z='1' y="&#10;&lt;"  ><c/>"#
        + "<!-- no --><![CDATA[<]]>&#13;\r\n</b:e></a:r>"
    )
    let element = try #require(document.root.child("e", in: "urn:b"))
    #expect(
      try document.exclusiveC14N(of: element)
        == Array(
          #"<b:e xmlns:b="urn:b" y="&#xA;&lt;" z="1"><c></c>&lt;&#xD;"#.utf8
        )
        + Array("\n</b:e>".utf8)
    )
  }

  @Test func `refuses an element of another document`() throws {
    let other = try document("<a/>")
    #expect(throws: CryptoError.self) {
      try document("<a/>").exclusiveC14N(of: other.root)
    }
  }

  @Test(arguments: [
    "", " ", "a", "<a>", "<a></b>", "<a/><b/>", "<a>&b;</a>", "<a b='1' b='2'/>", "<a>\u{0}</a>",
    "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
    "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "<x:a/>",
    "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "<a>\u{1}</a>", "<a/>text",
  ])
  func `refuses what is not well-formed, has a DTD or another encoding`(text: String) {
    #expect(throws: CryptoError.self) { try document(text) }
  }

  @Test func `refuses UTF-16, broken UTF-8, deep nesting and large input`() throws {
    let utf16: [UInt8] = [0xFE, 0xFF] + "<a/>".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    #expect(throws: CryptoError.self) { try XMLDocument(parsing: utf16) }
    #expect(throws: CryptoError.self) {
      try XMLDocument(parsing: Array("<a>".utf8) + [0xC0, 0x80] + Array("</a>".utf8))
    }
    let deep = String(repeating: "<a>", count: 300) + String(repeating: "</a>", count: 300)
    #expect(throws: CryptoError.self) { try document(deep) }
    #expect(throws: CryptoError.tooLarge(limit: 3)) {
      try XMLDocument(parsing: Array("<a/>".utf8), limit: 3)
    }
  }
}
