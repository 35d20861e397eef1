import API
import Crypto
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Signing

@Suite struct SignatureServiceTests {
  private static let transcripts = TestSchool.transcripts

  @Test func `a mark sheet is issued by its subject teacher`() async throws {
    try await TestSchool.with { school in
      let intents = try await school.prepare([TestSchool.sheet], by: school.subjectTeacher)
      #expect(intents.map(\.source) == [TestSchool.sheet])
      #expect(intents[0].payload == school.records[TestSchool.sheet].payload)
      #expect(intents[0].digest == SHA256.digest(intents[0].signedInfo))
      #expect(intents[0].algorithm == .ecdsaP256Sha256)
      let expiry = Int64(school.clock.clock.seconds + 900)
      #expect(intents[0].expireTime?.seconds == expiry)
      #expect(try school.count("signed_file") == 0)
      let values = try school.values(of: intents, by: school.subjectTeacher)
      let done = try await school.complete(values, by: school.subjectTeacher)
      #expect(done[0].state == .issued)
      #expect(done[0].signatures.map(\.role) == ["subject-teacher"])
      #expect(done[0].signatures.map(\.signer) == ["Người bomon"])
      #expect(done[0].content.isEmpty)
    }
  }

  @Test func `a class's transcripts are signed in the order of the policy, as a batch`()
    async throws
  {
    try await TestSchool.with { school in
      for (index, signer) in try [school.classTeacher, school.principal, school.seal].enumerated() {
        let intents = try await school.prepare(Self.transcripts, by: signer)
        #expect(intents.map(\.source) == Self.transcripts)
        let values = try school.values(of: intents, by: signer)
        let documents = try await school.complete(values, by: signer)
        #expect(documents.map(\.source) == Self.transcripts)
        #expect(documents.allSatisfy { $0.signatures.count == index + 1 })
        #expect(documents.allSatisfy { $0.state == (index == 2 ? .issued : .signing) })
        #expect(documents.allSatisfy { ($0.issueTime != nil) == (index == 2) })
      }
      let last = try school.database.run("SELECT DISTINCT role, signer FROM signing.signed_file")
      #expect(
        Set(last) == [
          "class-teacher|Người chunhiem", "principal|Người hieutruong",
          "seal|Trường Trung học cơ sở Mẫu",
        ]
      )
      #expect(try school.count("document") == 3)
    }
  }

  @Test func `nobody signs before their turn, or twice, or what is issued`() async throws {
    try await TestSchool.with { school in
      let source = [Self.transcripts[0]]
      func refused(_ signer: TestSchool.Signer) async throws -> Refused? {
        try await refusal { try await school.prepare(source, by: signer) }
      }
      let early = try await refused(school.principal)
      #expect(early?.reason == "SIGNATURE_OUT_OF_ORDER")
      #expect(early?.metadata == ["source": source[0], "expected": "class-teacher"])
      #expect(try await refused(school.seal)?.reason == "SIGNATURE_OUT_OF_ORDER")
      try await school.sign(source, by: school.classTeacher)
      #expect(try await refused(school.classTeacher)?.metadata["expected"] == "principal")
      try await school.sign(source, by: school.principal)
      try await school.sign(source, by: school.seal)
      let late = try await refused(school.seal)
      #expect(late?.reason == "DOCUMENT_ISSUED")
      #expect(late?.code == .failedPrecondition)
    }
  }

  @Test func `a capacity belongs to who holds it for this class`() async throws {
    try await TestSchool.with { school in
      let cases: [(String, RoleKind, SigningV1.Capacity, String)] = [
        ("bomon", .teacher, .classTeacher, Self.transcripts[0]),
        ("chunhiem", .teacher, .principal, Self.transcripts[0]),
        ("hieutruong", .principal, .classTeacher, Self.transcripts[0]),
        ("phohieutruong", .deputyPrincipal, .seal, Self.transcripts[0]),
        ("vanthu", .clerk, .principal, Self.transcripts[0]),
        ("chunhiem", .teacher, .subjectTeacher, TestSchool.sheet),
        ("hieutruong", .principal, .subjectTeacher, TestSchool.sheet),
        ("chunhiem", .officer, .classTeacher, Self.transcripts[0]),
      ]
      for (code, role, capacity, source) in cases {
        let signer = try school.signer(code, role, capacity)
        let refused = try await refusal { try await school.prepare([source], by: signer) }
        #expect(refused?.reason == "NOT_ALLOWED", "\(code) as \(capacity)")
      }
      let absent = "schools/\(TestSchool.school)/students/\(TestTokens.id())/transcripts/2022-2023"
      let refused = try await refusal {
        try await school.prepare([Self.transcripts[0], absent], by: school.classTeacher)
      }
      #expect(refused?.reason == "NOT_ALLOWED")
    }
  }

  @Test func `a batch is of one school and kind, without repetition, and not too large`()
    async throws
  {
    try await TestSchool.with { school in
      let other = Self.transcripts[0].replacing(
        TestSchool.school,
        with: SampleOrganizations.otherSecondary
      )
      for sources in [
        [Self.transcripts[0], TestSchool.sheet], [Self.transcripts[0], Self.transcripts[0]],
        [other], ["x"],
      ] {
        let refused = try await refusal {
          try await school.prepare(sources, by: school.classTeacher)
        }
        #expect(refused?.reason == "FIELD_INVALID", "\(sources)")
      }
      for sources in [[], Array(repeating: "x", count: 201)] {
        let refused = try await refusal {
          try await school.prepare(sources, by: school.classTeacher)
        }
        #expect(refused?.reason == "BATCH_SIZE")
      }
    }
  }

  @Test func `a certificate is the signer's own, in use, not revoked and not expired`() async throws
  {
    try await TestSchool.with { school in
      let source = [Self.transcripts[0]]
      try await school.sign(source, by: school.classTeacher)
      func refused(_ code: String, _ certificate: String) async throws -> Refused? {
        let signer = try school.signer(code, .principal, .principal, certificate: certificate)
        return try await refusal { try await school.prepare(source, by: signer) }
      }
      #expect(try await refused("hieutruong", "chunhiem")?.reason == "NOT_ALLOWED")
      #expect(try await refused("hieutruong", "dau")?.fields == ["certificate"])
      let retired = try await refused("thoi", "thoi")
      #expect(retired?.reason == "CERTIFICATE_NOT_USABLE")
      #expect(retired?.metadata["reasons"] == "RETIRED")
      #expect(try await refused("thuhoi", "thuhoi")?.reason == "CERTIFICATE_NOT_USABLE")
      #expect(try await refused("hieutruong", "hieutruong") == nil)
      school.clock.advance(by: 2_000 * 86_400)
      #expect(try await refused("hieutruong", "hieutruong")?.reason == "CERTIFICATE_NOT_USABLE")
    }
  }

  @Test func `what is incomplete is not prepared, nor anything with it`() async throws {
    try await TestSchool.with { school in
      school.records[Self.transcripts[1]] = .init(openItems: ["thiếu điểm Toán"])
      let refused = try await refusal {
        try await school.prepare(Self.transcripts, by: school.classTeacher)
      }
      #expect(refused?.reason == "DOCUMENT_INCOMPLETE")
      #expect(refused?.metadata["source"] == Self.transcripts[1])
      #expect(refused?.message.contains("thiếu điểm Toán") == true)
      #expect(try school.count("document") == 0)
    }
  }

  @Test func `a mark sheet without any mark is not prepared`() async throws {
    try await TestSchool.with { school in
      school.records[TestSchool.sheet].isEmpty = true
      let refused = try await refusal {
        try await school.prepare([TestSchool.sheet], by: school.subjectTeacher)
      }
      #expect(refused?.reason == "DOCUMENT_INCOMPLETE")
      school.records[TestSchool.sheet].isEmpty = false
      try await school.sign([TestSchool.sheet], by: school.subjectTeacher)
    }
  }

  @Test func `a refusal of records goes to the caller as it is`() async throws {
    try await TestSchool.with { school in
      school.records[Self.transcripts[0]].refusal = Problem(
        .failedPrecondition,
        "GRADE_NOT_ROLLED_OUT",
        vi: "Khối 2 chưa triển khai.",
        metadata: ["grade": "2"]
      )
      let refused = try await refusal {
        try await school.prepare(Self.transcripts, by: school.classTeacher)
      }
      #expect(refused?.reason == "GRADE_NOT_ROLLED_OUT")
      #expect(refused?.metadata == ["grade": "2"])
      #expect(refused?.message == "Khối 2 chưa triển khai.")
    }
  }
}
