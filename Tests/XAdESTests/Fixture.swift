import Crypto
import TestPKI
import Testing
import XAdES

/// A school's signers, one of each kind of key, and a document that all of them signed.
struct Fixture: Sendable {
  static let shared = Result { try Fixture() }

  static let payload = Array(
    (#"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload">"#
      + #"<t:Transcript xmlns:t="urn:hocba:transcript:1" year="2022-2023">"#
      + "<t:Name>Nguyễn Văn An &amp; Bình</t:Name><t:Mark>8.1</t:Mark></t:Transcript></hb:Payload>")
      .utf8
  )

  let pki: TestPKI
  let trust: TrustStore
  let policy: SigningPolicy
  /// In the order of the policy.
  let signers: [(certificate: Certificate, key: PrivateKey)]
  /// When the signatures are made.
  let time: Int64
  /// With no signature, with one, … with all.
  let documents: [[UInt8]]

  var complete: [UInt8] { documents[documents.count - 1] }
  var text: String { String(decoding: complete, as: UTF8.self) }

  private init() throws {
    pki = try TestPKI()
    try pki.issue("person\tteacher\tTrần Thị Bích\t001\tTHCS A", "seal\tseal\tTHCS A\t\t74725101")
    try pki.issue("person\tclass\tLê Văn Cường\t002\tTHCS A", key: "rsa")
    try pki.issue("person\tprincipal\tPhạm Dũng\t003\tTHCS A", key: "p384")
    trust = try pki.trust()
    let pki = pki
    signers = try ["teacher", "class", "principal", "seal"].map {
      (try pki.certificate($0), try pki.key($0))
    }
    policy = try #require(
      SigningPolicy(
        id: "urn:hocba:policy:test:1",
        steps: [.subjectTeacher, .classTeacher, .principal, .seal]
      )
    )
    time = signers[3].certificate.notBefore + 60
    var documents = [try XAdES.document(payload: Self.payload)]
    for (index, signer) in signers.enumerated() {
      let prepared = try XAdES.prepare(
        .file(documents[index]),
        signer: signer.certificate,
        role: policy.steps[index],
        policy: policy,
        at: time + Int64(index)
      )
      let value = try signer.key.sign(digest: prepared.digest, by: prepared.algorithm)
      documents.append(try XAdES.complete(prepared, value: value))
    }
    self.documents = documents
  }

  func verify(_ document: [UInt8]) -> XAdES.Report {
    XAdES.verify(document, trust: trust, now: time + 60, policies: [policy])
  }
}
