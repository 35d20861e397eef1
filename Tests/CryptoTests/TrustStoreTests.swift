import Crypto
import TestPKI
import Testing

@Suite("Trust")
struct TrustStoreTests {
  private static let pki = Result {
    let pki = try TestPKI()
    try pki.issue("person\tgood\tA\t1\tB", "person\trevoked\tC\t2\tB")
    try pki.revoke("revoked")
    return pki
  }
  private static let signer = ["keyUsage=critical,digitalSignature"]

  private func verdict(_ code: String, chain: [String] = [], after seconds: Int64 = 60) throws
    -> ChainVerdict
  {
    let pki = try Self.pki.get()
    let certificate = try pki.certificate(code)
    return try pki.trust().validate(
      certificate,
      chain: chain.map { try pki.certificate($0) },
      at: certificate.notBefore + seconds
    )
  }

  @Test func `passes a certificate of the root`() throws {
    let verdict = try verdict("good")
    #expect(verdict.verdict == .passed)
    #expect(verdict.reasons.isEmpty)
  }

  @Test func `passes without a list of revoked ones, and says so`() throws {
    let pki = try Self.pki.get()
    let certificate = try pki.certificate("good")
    let trust = try TrustStore(roots: pki.text("ca.crt"))
    let verdict = trust.validate(certificate, at: certificate.notBefore)
    #expect(verdict.verdict == .passed)
    #expect(verdict.reasons.map(\.code) == ["REVOCATION_NOT_CHECKED"])
  }

  @Test(arguments: [-1, 1_825 * 86_400 + 1] as [Int64])
  func `is undecided outside of the validity`(seconds: Int64) throws {
    let verdict = try verdict("good", after: seconds)
    #expect(verdict.verdict == .indeterminate)
    #expect(verdict.reasons.map(\.code) == ["OUT_OF_BOUNDS_NO_POE"])
  }

  @Test func `is undecided for another root, also one of the same name`() throws {
    let other = try TestPKI()
    try other.issue("person\tgood\tA\t1\tB")
    let certificate = try other.certificate("good")
    let verdict = try Self.pki.get().trust().validate(certificate, at: certificate.notBefore + 1)
    #expect(verdict.verdict == .indeterminate)
    #expect(verdict.reasons.map(\.code) == ["NO_CERTIFICATE_CHAIN_FOUND"])
  }

  @Test func `fails after the revocation, and cannot decide before`() throws {
    let later = try verdict("revoked", after: 86_400)
    #expect(later.verdict == .failed)
    #expect(later.reasons.map(\.code) == ["REVOKED"])
    let earlier = try verdict("revoked", after: 0)
    // Revoked in the same second as issued, on a fast machine, is revoked all the same.
    #expect(["REVOKED", "REVOKED_NO_POE"].contains(earlier.reasons.map(\.code).joined()))
    #expect(earlier.verdict != .passed)
  }

  @Test(
    arguments: [
      ("selfMade", nil, signer, "NO_CERTIFICATE_CHAIN_FOUND"),
      (
        "authority", "ca", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"],
        "CHAIN_CONSTRAINTS_FAILURE"
      ),
      ("agreement", "ca", ["keyUsage=critical,keyAgreement"], "CHAIN_CONSTRAINTS_FAILURE"),
      ("server", "ca", signer + ["extendedKeyUsage=serverAuth"], "CHAIN_CONSTRAINTS_FAILURE"),
      ("critical", "ca", signer + ["1.2.3.4=critical,DER:0500"], "CHAIN_CONSTRAINTS_FAILURE"),
      ("underSigner", "good", signer, "CHAIN_CONSTRAINTS_FAILURE"),
    ] as [(String, String?, [String], String)]
  )
  func `is undecided for certificates that are not for signing`(
    code: String,
    issuer: String?,
    extensions: [String],
    reason: String
  ) throws {
    let basic = code == "authority" ? [] : ["basicConstraints=critical,CA:FALSE"]
    try Self.pki.get().issue(special: code, by: issuer, extensions: basic + extensions)
    let verdict = try verdict(code, chain: ["good"])
    #expect(verdict.verdict == .indeterminate)
    #expect(verdict.reasons.map(\.code) == [reason])
  }

  @Test func `finds its way through intermediates that came along or are known`() throws {
    let pki = try Self.pki.get()
    let authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"]
    try pki.issue(special: "between", extensions: authority)
    try pki.issue(special: "below", by: "between", extensions: Self.signer)
    #expect(try verdict("below").reasons.map(\.code) == ["NO_CERTIFICATE_CHAIN_FOUND"])
    #expect(try verdict("below", chain: ["between"]).verdict == .passed)
    let certificate = try pki.certificate("below")
    let trust = try pki.trust(intermediates: pki.text("between.crt"))
    #expect(trust.validate(certificate, at: certificate.notBefore).verdict == .passed)
  }

  @Test func `heeds the constraints that an authority has on names`() throws {
    let pki = try Self.pki.get()
    try pki.issue(
      special: "constrained",
      extensions: [
        "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign",
        "nameConstraints=critical,permitted;email:school.example",
      ]
    )
    for (code, mail) in [("inside", "a@school.example"), ("outside", "a@other.example")] {
      try pki.issue(
        special: code,
        by: "constrained",
        extensions: Self.signer + ["subjectAltName=email:\(mail)"]
      )
    }
    #expect(try verdict("inside", chain: ["constrained"]).verdict == .passed)
    #expect(
      try verdict("outside", chain: ["constrained"]).reasons.map(\.code)
        == ["CHAIN_CONSTRAINTS_FAILURE"]
    )
  }

  @Test func `takes no list of revoked certificates that a stranger signed`() throws {
    let (pki, stranger) = (try Self.pki.get(), try TestPKI())
    #expect(throws: CryptoError.malformed("revocation list of no known issuer")) {
      try TrustStore(roots: pki.text("ca.crt"), crls: stranger.text("ca.crl"))
    }
  }

  @Test func `is not made of nothing or of garbage`() throws {
    let pki = try Self.pki.get()
    #expect(throws: CryptoError.self) { try TrustStore(roots: "") }
    #expect(throws: CryptoError.self) {
      try TrustStore(
        roots: pki.text("ca.crt"),
        crls: "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"
      )
    }
  }
}
