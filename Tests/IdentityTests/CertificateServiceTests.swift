import API
import Crypto
import GRPC
import ServiceKit
import TestPKI
import TestSupport
import Testing

@testable import Identity

@Suite struct CertificateServiceTests {
  private typealias Sample = SampleOrganizations

  /// An authority with certificates for a teacher, somebody else, and a school's seal.
  private static let pki = Result {
    let pki = try TestPKI()
    try pki.issue(
      "person\tanh\tNguyễn Thị Ánh\t074190001234\tTrường Mẫu",
      "person\tanh2\tNguyễn Thị Ánh\t074190009999\tTrường Mẫu",
      "person\tbinh\tTrần Văn Bình\t074190001234\tTrường Mẫu",
      "person\tcu\tNguyễn Thị Ánh\t074190001234\tTrường Mẫu",
      "seal\tdau\tTrường Trung học cơ sở Mẫu\t74725501\tTrường Trung học cơ sở Mẫu"
    )
    try pki.revoke("cu")
    return pki
  }

  private static func request(
    _ code: String,
    for parent: String,
    in pki: TestPKI,
    provedFor proven: String? = nil,
    by key: String? = nil
  ) throws -> IdentityV1.RegisterCertificateRequest {
    let certificate = try pki.certificate(code)
    let digest = Hex.encode(SHA256.digest(certificate.der))
    let text = "hocba:register-certificate:\(proven ?? parent):\(digest)"
    return .init(
      parent: parent,
      certificate: certificate.der,
      proof: try pki.key(key ?? code).sign(Array(text.utf8)),
      requestID: TestTokens.id()
    )
  }

  @Test func `a person registers the own certificate, once`() async throws {
    let pki = try Self.pki.get()
    try await TestIdentity.with(trust: pki.trust()) { identity in
      let person = try await identity.person("anh.nt", personalID: "074190001234")
      let own = try await identity.session("anh.nt")
      let request = try Self.request("anh", for: person.name, in: pki)
      let made = try await identity.certificates.registerCertificate(request, options: own)
      #expect(made.name.hasPrefix("\(person.name)/certificates/"))
      #expect(made.subject == "Nguyễn Thị Ánh")
      #expect(made.der == request.certificate)
      #expect(try await identity.certificates.registerCertificate(request, options: own) == made)
      var again = request
      again.requestID = TestTokens.id()
      again.certificate = Array(try pki.text("anh.crt").utf8)
      let taken = try await refusal {
        try await identity.certificates.registerCertificate(again, options: own)
      }
      #expect(taken?.reason == "CERTIFICATE_TAKEN")
      let retired = try await identity.certificates.retireCertificate(
        .init(name: made.name, requestID: TestTokens.id()),
        options: own
      )
      #expect(retired.retireTime != nil)
      let list = try await identity.certificates.listCertificates(
        .init(parent: person.name),
        options: own
      )
      #expect(list.certificates == [retired])
    }
  }

  @Test func `what is not the holder's, not trusted or not proven is refused`() async throws {
    let pki = try Self.pki.get()
    let foreign = try TestPKI()
    try foreign.issue("person\tanh\tNguyễn Thị Ánh\t074190001234\tTrường Mẫu")
    try await TestIdentity.with(trust: pki.trust()) { identity in
      let person = try await identity.person("anh.nt", personalID: "074190001234")
      let own = try await identity.session("anh.nt")
      let elsewhere = "people/\(TestTokens.id())"
      var garbage = try Self.request("anh", for: person.name, in: pki)
      garbage.certificate = [0x30, 0x03, 1, 2, 3]
      let cases: [(String, IdentityV1.RegisterCertificateRequest)] = [
        ("PROOF_INVALID", try Self.request("anh", for: person.name, in: pki, by: "binh")),
        ("PROOF_INVALID", try Self.request("anh", for: person.name, in: pki, provedFor: elsewhere)),
        ("CERTIFICATE_NOT_TRUSTED", try Self.request("anh", for: person.name, in: foreign)),
        ("CERTIFICATE_NOT_TRUSTED", try Self.request("cu", for: person.name, in: pki)),
        ("CERTIFICATE_HOLDER_MISMATCH", try Self.request("binh", for: person.name, in: pki)),
        ("CERTIFICATE_HOLDER_MISMATCH", try Self.request("anh2", for: person.name, in: pki)),
        ("CERTIFICATE_INVALID", garbage),
        ("NOT_ALLOWED", try Self.request("anh", for: elsewhere, in: pki)),
      ]
      for (reason, request) in cases {
        let refused = try await refusal {
          try await identity.certificates.registerCertificate(request, options: own)
        }
        #expect(refused?.reason == reason)
      }
    }
  }

  @Test func `a seal is registered by its school's clerk, and by no other's`() async throws {
    let pki = try Self.pki.get()
    try await TestIdentity.with(trust: pki.trust()) { identity in
      let school = organization(Sample.secondary)
      let request = try Self.request("dau", for: school, in: pki)
      for (role, place) in [
        (RoleKind.clerk, Sample.otherSecondary), (.teacher, Sample.secondary),
        (.officer, Sample.district),
      ] {
        let options = try identity.tokens.call(role, at: place)
        let refused = try await refusal {
          try await identity.certificates.registerCertificate(request, options: options)
        }
        #expect(refused?.reason == "NOT_ALLOWED")
      }
      let clerk = try identity.tokens.call(.clerk, at: Sample.secondary)
      let made = try await identity.certificates.registerCertificate(request, options: clerk)
      #expect(made.name.hasPrefix("\(school)/certificates/"))
      let stranger = try identity.tokens.call(.clerk, at: Sample.otherSecondary)
      let refused = try await refusal {
        try await identity.certificates.retireCertificate(
          .init(name: made.name, requestID: TestTokens.id()),
          options: stranger
        )
      }
      #expect(refused?.reason == "NOT_ALLOWED")
      // Naming another's certificate under one's own school does not reach it either.
      let own = organization(Sample.otherSecondary)
      let bent = try await refusal {
        try await identity.certificates.retireCertificate(
          .init(name: "\(own)/certificates/\(id(made.name))", requestID: TestTokens.id()),
          options: stranger
        )
      }
      #expect(bent?.reason == "NOT_ALLOWED")
    }
  }
}
