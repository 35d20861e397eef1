import Crypto
import TestPKI
import Testing
@testable import XAdES

@Suite("Signing a document")
struct XAdESTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture.shared.get() }

  private func prepare(
    _ document: [UInt8],
    step: Int,
    role: SignerRole? = nil,
    algorithm: SignatureAlgorithm? = nil,
    policy: SigningPolicy? = nil
  ) throws -> XAdES.Prepared {
    try XAdES.prepare(
      .file(document),
      signer: fixture.signers[step].certificate,
      role: role ?? fixture.policy.steps[step],
      policy: policy ?? fixture.policy,
      at: fixture.time,
      algorithm: algorithm
    )
  }

  @Test func `passes when everyone has signed, and says who and when`() {
    let report = fixture.verify(fixture.complete)
    #expect(report.verdict == .passed)
    #expect(report.isComplete)
    #expect(report.reasons.isEmpty)
    #expect(report.payload == Fixture.payload)
    #expect(report.policyID == fixture.policy.id)
    #expect(report.signatures.map(\.id) == ["s1", "s2", "s3", "s4"])
    #expect(report.signatures.map(\.role) == fixture.policy.steps)
    #expect(
      report.signatures.map(\.signer) == ["Trần Thị Bích", "Lê Văn Cường", "Phạm Dũng", "THCS A"]
    )
    #expect(report.signatures.map(\.signingTime) == (0..<4).map { fixture.time + $0 })
    #expect(report.signatures.allSatisfy { $0.verdict == .passed && $0.reasons.isEmpty })
  }

  @Test func `writes a file that is its own exclusive C14N, as are its signed parts`() throws {
    let document = try XMLDocument(parsing: fixture.complete)
    #expect(try document.exclusiveC14N(of: document.root) == fixture.complete)
    let file = try SignedDocument(reading: fixture.complete)
    let slots = try #require(document.root.child("Signatures")).children
    for (slot, values) in zip(slots, file.signatures) {
      let signature = try #require(slot.child("Signature", in: XMLName.signature))
      let info = try #require(signature.child("SignedInfo"))
      #expect(try document.exclusiveC14N(of: info) == values.canonicalSignedInfo)
      let value = try #require(signature.child("SignatureValue"))
      #expect(try document.exclusiveC14N(of: value) == values.canonicalValue)
      let properties = try #require(
        signature.child("Object")?.child("QualifyingProperties", in: XMLName.properties)?
          .child("SignedProperties")
      )
      #expect(try document.exclusiveC14N(of: properties) == values.canonicalProperties)
    }
    #expect(slots.count == 4)
  }

  @Test func `waits for the rest of the policy`() {
    for count in 0..<4 {
      let report = fixture.verify(fixture.documents[count])
      #expect(report.verdict == .indeterminate)
      #expect(!report.isComplete)
      #expect(report.reasons.map(\.code) == ["SIGNATURES_MISSING"])
      #expect(report.signatures.count == count)
      #expect(report.signatures.allSatisfy { $0.verdict == .passed })
    }
  }

  @Test func `goes on from the stored state, with one outcome`() throws {
    let prepared = try prepare(fixture.documents[1], step: 1)
    let stored = try XAdES.Prepared(state: prepared.state)
    #expect(stored == prepared)
    let value = try fixture.signers[1].key.sign(stored.signedInfo, by: stored.algorithm)
    #expect(try XAdES.complete(stored, value: value) == XAdES.complete(prepared, value: value))
  }

  @Test func `takes RSA-PSS where it is asked for`() throws {
    let prepared = try prepare(fixture.documents[1], step: 1, algorithm: .rsaPSS)
    let value = try fixture.signers[1].key.sign(digest: prepared.digest, by: .rsaPSS)
    let report = fixture.verify(try XAdES.complete(prepared, value: value))
    #expect(report.signatures.map(\.verdict) == [.passed, .passed])
  }

  @Test func `does not complete with a value of another key, digest or form`() throws {
    let prepared = try prepare(fixture.documents[0], step: 0)
    let other = try prepare(fixture.documents[0], step: 0, role: .subjectTeacher)
    #expect(other == prepared)
    let value = try fixture.signers[0].key.sign(digest: prepared.digest, by: .ecdsaP256)
    let wrong = [
      try fixture.signers[3].key.sign(digest: prepared.digest, by: .ecdsaP256),
      try fixture.signers[0].key.sign([1], by: .ecdsaP256), [], value + [0], [0] + value,
    ]
    for value in wrong {
      #expect(throws: XAdESError.wrongValue) { try XAdES.complete(prepared, value: value) }
    }
  }

  @Test func `keeps to the order of the policy`() throws {
    #expect(throws: XAdESError.wrongStep(expected: .subjectTeacher)) {
      try prepare(fixture.documents[0], step: 3)
    }
    #expect(throws: XAdESError.wrongStep(expected: .classTeacher)) {
      try prepare(fixture.documents[1], step: 0)
    }
    #expect(throws: XAdESError.wrongStep(expected: nil)) { try prepare(fixture.complete, step: 3) }
  }

  @Test func `keeps to one policy, with the steps it had`() throws {
    let changed = try #require(
      SigningPolicy(id: fixture.policy.id, steps: [.subjectTeacher, .classTeacher])
    )
    #expect(throws: XAdESError.otherPolicy(changed.id)) {
      try prepare(fixture.documents[1], step: 1, policy: changed)
    }
    let report = XAdES.verify(
      fixture.complete,
      trust: fixture.trust,
      now: fixture.time,
      policies: [changed]
    )
    #expect(report.verdict == .indeterminate)
    #expect(report.signatures[0].reasons.map(\.code) == ["SIGNATURE_POLICY_NOT_AVAILABLE"])
  }

  @Test func `prepares nothing on a broken document or with another kind of key`() throws {
    let broken = Array(
      String(decoding: fixture.documents[1], as: UTF8.self).replacing("8.1", with: "9.1").utf8
    )
    #expect(throws: XAdESError.self) { try prepare(broken, step: 1) }
    #expect(throws: XAdESError.self) { try prepare(Array("<a/>".utf8), step: 0) }
    #expect(throws: XAdESError.wrongAlgorithm) {
      try prepare(fixture.documents[0], step: 0, algorithm: .rsaPKCS1)
    }
    let pending = try prepare(fixture.documents[0], step: 0).state
    #expect(throws: XAdESError.self) { try prepare(pending, step: 1) }
    #expect(fixture.verify(pending).verdict == .failed)
  }

  private static let opening = #"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload">"#

  @Test(arguments: [
    "", "<a/>", #"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload"/>"#,
    opening + "</hb:Payload> ", opening + "<a b='1'></a></hb:Payload>",
    opening + "</hb:Payload><hb:Payload></hb:Payload>", opening + "&#65;</hb:Payload>",
  ])
  func `takes only a canonical payload`(payload: String) {
    #expect(throws: XAdESError.self) { try XAdES.document(payload: Array(payload.utf8)) }
  }

  @Test func `carries intermediates, covered by the signature`() throws {
    try fixture.pki.issue(
      special: "between",
      extensions: ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"]
    )
    try fixture.pki.issue(
      special: "below",
      by: "between",
      extensions: ["keyUsage=critical,nonRepudiation"]
    )
    let below = try fixture.pki.certificate("below")
    let between = try fixture.pki.certificate("between")
    for chain in [[between], []] {
      let prepared = try XAdES.prepare(
        .file(fixture.documents[0]),
        signer: below,
        chain: chain,
        role: .subjectTeacher,
        policy: fixture.policy,
        at: below.notBefore
      )
      let value = try fixture.pki.key("below").sign(prepared.signedInfo)
      let document = try XAdES.complete(prepared, value: value)
      let signature = try #require(fixture.verify(document).signatures.first)
      #expect(signature.verdict == (chain.isEmpty ? .indeterminate : .passed))
      if !chain.isEmpty {
        let other = Base64.encode(fixture.signers[3].certificate.der)
        let swapped = String(decoding: document, as: UTF8.self)
          .replacing(Base64.encode(between.der), with: other)
        #expect(fixture.verify(Array(swapped.utf8)).verdict == .failed)
      }
    }
  }

  @Test func `is undecided about strangers, other times and the future`() throws {
    let stranger = try TestPKI().trust()
    let report = XAdES.verify(
      fixture.complete,
      trust: stranger,
      now: fixture.time + 60,
      policies: [fixture.policy]
    )
    #expect(report.verdict == .indeterminate)
    #expect(report.signatures[0].reasons.map(\.code) == ["NO_CERTIFICATE_CHAIN_FOUND"])
    let early = XAdES.verify(
      fixture.complete,
      trust: fixture.trust,
      now: fixture.time - 301,
      policies: [fixture.policy]
    )
    #expect(early.verdict == .indeterminate)
    #expect(early.signatures[0].reasons.map(\.code) == ["SIG_CONSTRAINTS_FAILURE"])
  }

  @Test func `fails when a signer's certificate was revoked before`() throws {
    let pki = try TestPKI()
    try pki.issue("person\tteacher\tA\t1\tB")
    let signer = try pki.certificate("teacher")
    let policy = try #require(SigningPolicy(id: "urn:x", steps: [.subjectTeacher]))
    func document(at time: Int64) throws -> [UInt8] {
      let prepared = try XAdES.prepare(
        .payload(Fixture.payload),
        signer: signer,
        role: .subjectTeacher,
        policy: policy,
        at: time
      )
      return try XAdES.complete(prepared, value: pki.key("teacher").sign(prepared.signedInfo))
    }
    let late = try document(at: signer.notBefore + 3_600)
    func verify() throws -> XAdES.Report {
      XAdES.verify(late, trust: try pki.trust(), now: signer.notBefore + 7_200, policies: [policy])
    }
    #expect(try verify().verdict == .passed)
    try pki.revoke("teacher")
    #expect(try verify().verdict == .failed)
    #expect(try verify().signatures[0].reasons.map(\.code) == ["REVOKED"])
  }
}

@Suite("Signing policies")
struct SigningPolicyTests {
  @Test(arguments: ["", "Seal", "a b", "a<b", "giáo-viên", String(repeating: "a", count: 65)])
  func `refuse roles that would need quoting`(role: String) {
    #expect(SignerRole(rawValue: role) == nil)
  }

  @Test(arguments: ["", "urn:x y", "urn:<x>", "urn:&amp;", String(repeating: "a", count: 201)])
  func `refuse ids that would need quoting`(id: String) {
    #expect(SigningPolicy(id: id, steps: [.seal]) == nil)
  }

  @Test func `have one to sixteen steps, and a digest that depends on all of them`() throws {
    #expect(SigningPolicy(id: "urn:x", steps: []) == nil)
    #expect(SigningPolicy(id: "urn:x", steps: Array(repeating: .seal, count: 17)) == nil)
    let policies = [
      SigningPolicy(id: "urn:x", steps: [.seal]), SigningPolicy(id: "urn:y", steps: [.seal]),
      SigningPolicy(id: "urn:x", steps: [.principal, .seal]),
      SigningPolicy(id: "urn:x", steps: [.seal, .principal]),
    ].compactMap(\.self)
    #expect(Set(policies.map(\.digest)).count == 4)
  }
}

@Suite("Signing time")
struct SigningTimeTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
      (951_782_400, "2000-02-29T00:00:00Z"), (1_685_003_400, "2023-05-25T08:30:00Z"),
      (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    ] as [(Int64, String)]
  )
  func `is written and read in UTC`(time: Int64, text: String) {
    #expect(SigningTime.text(time) == text)
    #expect(SigningTime.parse(text) == time)
  }

  @Test(arguments: [
    "", "2023-02-29T00:00:00Z", "2023-05-25T24:00:00Z", "2023-05-25T08:30:60Z",
    "2023-05-25T08:30:00", "2023-05-25T08:30:00+07:00", "2023-5-25T08:30:00Z",
    "2023-05-25 08:30:00Z", "2023-05-25T08:30:00Z ", "1969-12-31T23:59:59Z",
    "99999999999999999999-01-01T00:00:00Z", "2023-00-10T00:00:00Z", "-2023-05-25T08:30:00Z",
  ])
  func `has one form only`(text: String) {
    #expect(SigningTime.parse(text) == nil)
  }

  @Test func `round trips every day of four centuries`() {
    for day in Int64(0)..<146_097 {
      let time = day * 86_400 + day % 86_400
      #expect(SigningTime.parse(SigningTime.text(time)) == time)
    }
  }
}
