import Crypto
import Foundation
import TestPKI
import TestTools
import Testing

/// Verifiers that are not ours, on the same documents.
@Suite("Foreign eyes")
struct ForeignTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture.shared.get() }

  private func file(_ document: [UInt8]) throws -> String {
    let path = fixture.pki.file(UUID().uuidString + ".xml")
    try Data(document).write(to: URL(fileURLWithPath: path))
    return path
  }

  private var changed: [UInt8] { Array(fixture.text.replacing("8.1", with: "8.2").utf8) }

  private func xmlsec(_ document: [UInt8], signature: Int?) throws -> (
    status: Int32, output: String
  ) {
    let node = signature.map {
      ["--node-xpath", "//*[local-name()='Signature'][@Id='s\($0)']"]
    }
    return try Shell.run(
      [
        "xmlsec1", "--verify", "--id-attr:Id", "Payload", "--id-attr:Id", "SignedProperties",
        "--id-attr:Id", "SignatureValue", "--trusted-pem", fixture.pki.file("ca.crt"),
        "--enabled-key-data", "x509",
      ] + (node ?? []) + [file(document)]
    )
  }

  @Test(arguments: 1...4)
  func `xmlsec1 accepts every signature, and none after a change`(number: Int) throws {
    let good = try xmlsec(fixture.complete, signature: number)
    #expect(good.status == 0, "\(good.output)")
    #expect(try xmlsec(changed, signature: number).status == 1)
  }

  @Test func `xmlsec1 needs no more than the three id attributes`() throws {
    for document in fixture.documents.dropFirst() {
      let good = try xmlsec(document, signature: nil)
      #expect(good.status == 0, "\(good.output)")
    }
    #expect(try xmlsec(changed, signature: nil).status == 1)
  }

  private static let script = """
    import sys
    from signxml.xades import XAdESVerifier, XAdESSignatureConfiguration
    data = open(sys.argv[1], 'rb').read()
    for n in range(1, 5):
        config = XAdESSignatureConfiguration(
            location='.//{urn:hocba:document:1}Slot[%d]/' % n, expect_references=n + 1)
        results = XAdESVerifier().verify(data, ca_pem_file=sys.argv[2], expect_config=config)
        assert b'8.1' in results[0].signed_data
    """

  @Test func `signxml accepts every signature, and none after a change`() throws {
    let root = fixture.pki.file("ca.crt")
    let good = try Shell.run([Shell.python, "-c", Self.script, file(fixture.complete), root])
    #expect(good.status == 0, "\(good.output)")
    let bad = try Shell.run([Shell.python, "-c", Self.script, file(changed), root])
    #expect(bad.status != 0)
    #expect(bad.output.contains("InvalidDigest"))
  }
}
