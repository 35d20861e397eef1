import Crypto
import Testing
import XAdES

/// What has been tried on signed XML, each on a document that passed.
@Suite("Attacks")
struct AttackTests {
  /// A name, what it does, and the code that must be among the reasons.
  struct Attack: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: String
    let change: @Sendable (String) -> String
    var testDescription: String { name }

    init(
      _ name: String,
      _ reason: String = "FORMAT_FAILURE",
      _ change: @escaping @Sendable (String) -> String
    ) {
      (self.name, self.reason, self.change) = (name, reason, change)
    }
  }

  private static func part(_ text: String, _ start: String, _ end: String) -> String {
    guard let from = text.firstRange(of: start),
      let to = text[from.upperBound...].firstRange(of: end)
    else { return "" }
    return String(text[from.lowerBound..<to.upperBound])
  }

  private static func payload(_ text: String) -> String {
    part(text, "<hb:Payload", "</hb:Payload>")
  }

  private static func slot(_ number: Int, _ text: String) -> String {
    let id = #"<hb:Slot><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="s"#
    return part(text, id + "\(number)\"", "</hb:Slot>")
  }

  private static func forged(_ text: String) -> String {
    payload(text).replacing("8.1", with: "9.9")
  }

  static let wrapping: [Attack] = [
    Attack("second payload with the same id, in front") {
      $0.replacing("<hb:Payload", with: forged($0) + "<hb:Payload", maxReplacements: 1)
    },
    Attack("second payload with the same id, behind") {
      $0.replacing("<hb:Signatures>", with: forged($0) + "<hb:Signatures>")
    },
    Attack("signed payload moved into a signature's object") {
      $0.replacing(payload($0), with: forged($0).replacing("\"payload\"", with: "\"other\""))
        .replacing("<ds:Object>", with: "<ds:Object>" + payload($0), maxReplacements: 1)
    },
    Attack("signed payload moved beside the document") {
      "<w>" + payload($0) + $0.replacing(payload($0), with: forged($0)) + "</w>"
    },
    Attack("signed payload inside a forged one", "HASH_FAILURE") {
      $0.replacing(
        payload($0),
        with: forged($0).replacing("</hb:Payload>", with: payload($0) + "</hb:Payload>")
      )
    },
    Attack("payload's id renamed") { $0.replacing("Id=\"payload\"", with: "Id=\"p\"") },
    Attack("payload's id and reference renamed") {
      $0.replacing("\"payload\"", with: "\"p\"").replacing("#payload", with: "#p")
    },
    Attack("another root around it") { "<w>" + $0 + "</w>" },
    Attack("another namespace") { $0.replacing("urn:hocba:document:1", with: "urn:x") },
    Attack("object of its own in a signature") {
      $0.replacing(
        "</ds:Signature>",
        with: "<ds:Object>x</ds:Object></ds:Signature>",
        maxReplacements: 1
      )
    },
  ]

  static let text: [Attack] = [
    Attack("mark changed", "HASH_FAILURE") { $0.replacing("8.1", with: "9.1") },
    Attack("comment in a value") { $0.replacing("8.1", with: "8<!-- -->.1") },
    Attack("processing instruction in a value", "HASH_FAILURE") {
      $0.replacing("8.1", with: "8<?x?>.1")
    },
    Attack("CDATA for text") { $0.replacing("8.1", with: "<![CDATA[8.1]]>") },
    Attack("character reference for a letter") { $0.replacing("8.1", with: "&#56;.1") },
    Attack("DTD with an entity") {
      "<!DOCTYPE x [<!ENTITY m '8.1'>]>" + $0.replacing("8.1", with: "&m;")
    },
    Attack("DTD with a default attribute") {
      "<!DOCTYPE x [<!ATTLIST t:Mark kind CDATA 'x'>]>" + $0
    },
    Attack("entities that explode") {
      let entities = (1...9).map { n in
        "<!ENTITY e\(n) '" + String(repeating: "&e\(n - 1);", count: 10) + "'>"
      }
      return "<!DOCTYPE x [<!ENTITY e0 'ha'>\(entities.joined())]>"
        + $0.replacing("8.1", with: "&e9;")
    },
    Attack("external entity") {
      "<!DOCTYPE x [<!ENTITY m SYSTEM 'file:///etc/passwd'>]>" + $0.replacing("8.1", with: "&m;")
    },
    Attack("XML declaration") { "<?xml version=\"1.0\"?>" + $0 },
    Attack("byte order mark") { "\u{FEFF}" + $0 },
    Attack("line at the end") { $0 + "\n" },
    Attack("line at the end of a signature") {
      $0.replacing("</ds:SignedInfo>", with: "</ds:SignedInfo>\n")
    },
    Attack("unsigned attribute on the root") {
      $0.replacing("<hb:Document", with: "<hb:Document a=\"1\"")
    },
    Attack("unsigned attribute on a slot") { $0.replacing("<hb:Slot>", with: "<hb:Slot a=\"1\">") },
    Attack("unsigned text between slots") { $0.replacing("</hb:Slot>", with: "</hb:Slot>x") },
    Attack("unsigned element in the list") {
      $0.replacing("</hb:Signatures>", with: "<hb:Note></hb:Note></hb:Signatures>")
    },
    Attack("three hundred levels") {
      let (open, close) = ("<a>", "</a>")
      return $0.replacing(
        "8.1",
        with: String(repeating: open, count: 300) + String(repeating: close, count: 300)
      )
    },
    Attack("truncated") { String($0.dropLast(1)) },
    Attack("empty") { _ in "" },
  ]

  static let signatures: [Attack] = [
    Attack("first signature dropped") { $0.replacing(slot(1, $0), with: "") },
    Attack("middle signature dropped") { $0.replacing(slot(2, $0), with: "") },
    Attack("last signature dropped", "SIGNATURES_MISSING") { $0.replacing(slot(4, $0), with: "") },
    Attack("all signatures dropped", "SIGNATURES_MISSING") {
      (1...4).reduce($0) { text, number in text.replacing(slot(number, text), with: "") }
    },
    Attack("two signatures swapped") {
      $0.replacing(slot(1, $0), with: "@").replacing(slot(2, $0), with: slot(1, $0))
        .replacing("@", with: slot(2, $0))
    },
    Attack("signature doubled") {
      $0.replacing("</hb:Signatures>", with: slot(4, $0) + "</hb:Signatures>")
    },
    Attack("signature's id renamed") {
      $0.replacing("Id=\"s1\"", with: "Id=\"x1\"").replacing("\"#s1\"", with: "\"#x1\"")
    },
    Attack("XPath transform") {
      $0.replacing(
        "<ds:Transforms>",
        with: "<ds:Transforms><ds:Transform Algorithm="
          + "\"http://www.w3.org/TR/1999/REC-xpath-19991116\">"
          + "<ds:XPath>1=1</ds:XPath></ds:Transform>",
        maxReplacements: 1
      )
    },
    Attack("inclusive C14N") {
      $0.replacing(
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        with: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        maxReplacements: 1
      )
    },
    Attack("SHA-1 for a digest") {
      $0.replacing(
        "http://www.w3.org/2001/04/xmlenc#sha256",
        with: "http://www.w3.org/2000/09/xmldsig#sha1",
        maxReplacements: 1
      )
    },
    Attack("HMAC for the signature") {
      $0.replacing(
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        with: "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        maxReplacements: 1
      )
    },
    Attack("role changed", "HASH_FAILURE") {
      $0.replacing(">subject-teacher<", with: ">principal<")
    },
    Attack("signing time changed", "HASH_FAILURE") {
      let time = part($0, "<xades:SigningTime>", "</xades:SigningTime>")
      return $0.replacing(time, with: "<xades:SigningTime>2023-01-01T00:00:00Z</xades:SigningTime>")
    },
    Attack("policy changed", "HASH_FAILURE") {
      $0.replacing("policy:test:1", with: "policy:test:2")
    },
    Attack("other's certificate") {
      let own = part(slot(1, $0), "<ds:X509Certificate>", "</ds:X509Certificate>")
      let other = part(slot(4, $0), "<ds:X509Certificate>", "</ds:X509Certificate>")
      return $0.replacing(own, with: other, maxReplacements: 1)
    },
    Attack("key value beside the certificate") {
      $0.replacing("<ds:KeyInfo>", with: "<ds:KeyInfo><ds:KeyName>x</ds:KeyName>")
    },
    Attack("unsigned properties") {
      $0.replacing(
        "</xades:SignedProperties>",
        with: "</xades:SignedProperties><xades:UnsignedProperties></xades:UnsignedProperties>"
      )
    },
    Attack("value taken from another signature", "SIG_CRYPTO_FAILURE") {
      let own = part(slot(4, $0), "Id=\"s4-value\">", "</ds:SignatureValue>")
      let other = part(slot(1, $0), "Id=\"s1-value\">", "</ds:SignatureValue>")
      return $0.replacing(own, with: other.replacing("s1", with: "s4"))
    },
  ]

  @Test(arguments: wrapping + text + signatures)
  func `is refused, with its reason`(attack: Attack) throws {
    let fixture = try Fixture.shared.get()
    let attacked = attack.change(fixture.text)
    #expect(attacked != fixture.text)
    let report = fixture.verify(Array(attacked.utf8))
    #expect(report.verdict != .passed)
    #expect(!report.isComplete)
    let codes = (report.reasons + report.signatures.flatMap(\.reasons)).map(\.code)
    #expect(codes.contains(attack.reason))
  }

  @Test func `in UTF-16 is refused`() throws {
    let fixture = try Fixture.shared.get()
    let utf16: [UInt8] =
      [0xFE, 0xFF] + fixture.text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    #expect(fixture.verify(utf16).verdict == .failed)
  }

  /// The other value of an ECDSA signature, s → n − s, verifies too; the later reference sees it.
  @Test func `by the other value of an ECDSA signature is refused when others signed after it`()
    throws
  {
    let fixture = try Fixture.shared.get()
    let order = try #require(
      Hex.decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    )
    let value = Self.part(Self.slot(1, fixture.text), "Id=\"s1-value\">", "</ds:SignatureValue>")
    let base64 = String(value.dropFirst(#"Id="s1-value">"#.count).prefix { $0 != "<" })
    let raw = try #require(Base64.decode(base64))
    var other = Array(raw.prefix(32)) + order
    var borrow = 0
    for index in stride(from: 63, through: 32, by: -1) {
      let difference = Int(other[index]) - Int(raw[index]) - borrow
      borrow = difference < 0 ? 1 : 0
      other[index] = UInt8(truncatingIfNeeded: difference)
    }
    let changed = fixture.text.replacing(base64, with: Base64.encode(other))
    let report = fixture.verify(Array(changed.utf8))
    #expect(report.signatures.map(\.verdict) == [.passed, .failed, .failed, .failed])
  }
}

@Suite("Damage")
struct DamageTests {
  @Test func `of one byte is never accepted`() throws {
    let fixture = try Fixture.shared.get()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<4_000 {
      var document = fixture.complete
      let index = Int.random(in: document.indices, using: &random)
      switch UInt8.random(in: 0..<3, using: &random) {
      case 0: document[index] ^= UInt8.random(in: 1...255, using: &random)
      case 1: document.remove(at: index)
      default: document.insert(.random(in: 0...255, using: &random), at: index)
      }
      let report = fixture.verify(document)
      #expect(report.verdict != .passed, "byte \(index)")
    }
  }
}
