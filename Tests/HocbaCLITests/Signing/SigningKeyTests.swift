import API
import Crypto
import TestPKI
import Testing
import XAdES

@testable import HocbaCLI

@Suite("Signing key")
struct SigningKeyTests {
  private let pki: TestPKI
  private let key: SigningKey
  private let payload = Array(
    #"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload"><hb:Mark>8.5</hb:Mark></hb:Payload>"#
      .utf8
  )

  init() throws {
    pki = try TestPKI()
    try pki.issue("person\tGV1\tNguyễn Văn A\t074012345678\tTrường")
    key = try SigningKey(certificateFile: pki.file("GV1.crt"), keyFile: pki.file("GV1.key"))
  }

  private func prepared() throws -> XAdES.Prepared {
    let policy = try #require(Verifier.policies.first)
    return try XAdES.prepare(
      .payload(payload),
      signer: key.certificate,
      role: .subjectTeacher,
      policy: policy,
      at: key.certificate.notBefore + 60
    )
  }

  @Test func `signs what was prepared, and the file verifies offline`() throws {
    let prepared = try prepared()
    let intent = SigningV1.SignatureIntent(payload: payload, signedInfo: prepared.signedInfo)
    let file = try XAdES.complete(prepared, value: try key.sign(intent))
    let verifier = try Verifier(trustFile: pki.file("ca.crt"), revocationFile: pki.file("ca.crl"))
    #expect(verifier.report(on: file).verdict == .passed)
    let changed = String(decoding: file, as: UTF8.self).replacing("8.5", with: "9.5")
    let report = verifier.report(on: Array(changed.utf8))
    #expect(report.verdict == .failed)
    #expect(VerdictText.lines(report).contains { $0.contains("HASH_FAILURE") })
  }

  @Test func `does not sign for a payload whose digest is not in it`() throws {
    let prepared = try prepared()
    let other = Array(String(decoding: payload, as: UTF8.self).replacing("8.5", with: "9.5").utf8)
    let intent = SigningV1.SignatureIntent(payload: other, signedInfo: prepared.signedInfo)
    #expect(throws: Failure.self) { try key.sign(intent) }
  }

  @Test func `proves to have the key of its certificate`() throws {
    let proof = try key.proof(for: "people/1")
    let digest = Hex.encode(key.certificate.fingerprint)
    let text = Array("hocba:register-certificate:people/1:\(digest)".utf8)
    #expect(key.certificate.publicKey.verify(proof, of: text, by: .ecdsaP256))
  }

  @Test func `a key of another certificate, and what is neither, are told`() throws {
    try pki.issue("person\tGV2\tTrần Thị B\t074012345679\tTrường")
    for (certificate, key) in [
      ("GV1.crt", "GV2.key"), ("GV1.key", "GV1.key"), ("GV1.crt", "GV1.crt"),
    ] {
      #expect(throws: Failure.self) {
        try SigningKey(certificateFile: pki.file(certificate), keyFile: pki.file(key))
      }
    }
  }

  @Test func `a file without a root or a list of revoked certificates is not taken for one`() throws
  {
    #expect(throws: Failure.self) {
      try Verifier(trustFile: pki.file("GV1.key"), revocationFile: nil)
    }
    #expect(throws: Failure.self) {
      try Verifier(trustFile: pki.file("ca.crt"), revocationFile: pki.file("ca.crt"))
    }
  }
}

@Suite("Staff accounts")
struct StaffAccountsTests {
  @Test(
    arguments: [
      ("Hiệu trưởng", IdentityV1.RoleKind.principal), ("Phó hiệu trưởng", .deputyPrincipal),
      ("Văn thư", .clerk), ("Giáo viên", .teacher), ("Bảo vệ", .teacher),
    ]
  )
  func `a position gives a role`(position: String, role: IdentityV1.RoleKind) {
    #expect(StaffAccounts.role(of: position) == role)
  }
}
