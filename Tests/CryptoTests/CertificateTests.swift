import Crypto
import TestPKI
import TestTools
import Testing

@Suite("Certificates")
struct CertificateTests {
  @Test func `says who, from when to when and what for`() throws {
    let pki = try TestPKI()
    try pki.issue("person\tgv1\tNguyễn Thị Hồng\t001234567890\tTHCS Lê Quý Đôn")
    try pki.issue("seal\ttruong1\tTrường THCS A/B+C\t\t74725101", key: "rsa")
    let person = try pki.certificate("gv1")
    #expect(person.commonName == "Nguyễn Thị Hồng")
    #expect(person.subjectSerialNumber == "001234567890")
    #expect(person.issuer == "CN=Học bạ development CA,O=Học bạ,C=VN")
    #expect(person.publicKey.kind == .p256)
    #expect(person.keyUsage == [.digitalSignature, .nonRepudiation])
    #expect(!person.isCA)
    #expect(person.notAfter - person.notBefore == 1_825 * 86_400)
    #expect(person.fingerprint == SHA256.digest(person.der))
    let (_, serial) = try Shell.run([
      "openssl", "x509", "-noout", "-serial", "-in", pki.file("gv1.crt"),
    ])
    #expect("serial=\(person.serial.uppercased())\n" == serial)
    let seal = try pki.certificate("truong1")
    #expect(seal.commonName == "Trường THCS A/B+C")
    #expect(seal.subjectSerialNumber == "74725101")
    #expect(seal.publicKey.kind == .rsa(bits: 2_048))
    #expect(try pki.certificate("ca").isCA)
  }

  @Test func `goes with the key beside it, which only its owner reads`() throws {
    let pki = try TestPKI()
    try pki.issue("person\tgv1\tA\t1\tB")
    let value = try pki.key("gv1").sign([1, 2, 3])
    #expect(try pki.certificate("gv1").publicKey.verify(value, of: [1, 2, 3], by: .ecdsaP256))
    let (_, mode) = try Shell.run(["stat", "-c", "%a", pki.file("gv1.key")])
    #expect(mode == "600\n")
  }

  @Test func `is kept when it is asked for again`() throws {
    let pki = try TestPKI()
    try pki.issue("person\tgv1\tA\t1\tB")
    let first = try pki.certificate("gv1")
    try pki.issue("person\tgv1\tA\t1\tB", "person\tgv2\tB\t2\tB")
    #expect(try pki.certificate("gv1") == first)
    #expect(try pki.certificate("gv2").commonName == "B")
  }

  @Test(arguments: ["person\t../x\tA\t1\tB", "other\tx\tA\t1\tB", "person\tx\t\t1\tB"])
  func `is not issued for a line that is wrong`(line: String) throws {
    let pki = try TestPKI()
    #expect(throws: TestFailure.self) { try pki.issue(line) }
  }

  @Test func `with a weak key or digest is refused`() throws {
    let pki = try TestPKI()
    try pki.issue(special: "rsa1024", extensions: [], key: ["rsa:1024"])
    try pki.issue(special: "sha1", extensions: [], digest: "-sha1")
    for code in ["rsa1024", "sha1"] {
      #expect { try pki.certificate(code) } throws: {
        if case CryptoError.unsupported = $0 { true } else { false }
      }
    }
  }

  @Test func `with any byte changed or cut off is refused or another one, and never a crash`()
    throws
  {
    let pki = try TestPKI()
    try pki.issue("person\tgv1\tNguyễn\t1\tB")
    let certificate = try pki.certificate("gv1")
    let trust = try pki.trust()
    for index in certificate.der.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var der = certificate.der
        der[index] ^= change
        guard let changed = try? Certificate(der: der) else { continue }
        let verdict = trust.validate(changed, at: certificate.notBefore + 60)
        #expect(verdict.verdict != .passed, "byte \(index) ^ \(change)")
      }
      #expect(throws: CryptoError.self) {
        try Certificate(der: Array(certificate.der.prefix(index)))
      }
    }
    #expect(throws: CryptoError.self) { try Certificate(der: certificate.der + [0]) }
  }
}
