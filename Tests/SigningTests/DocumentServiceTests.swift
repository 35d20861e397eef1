import API
import Crypto
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Signing

@Suite struct DocumentServiceTests {
  private static let place = "schools/\(TestSchool.school)"

  private static func stream(
    _ school: TestSchool,
    _ parent: String,
    year: String = "2022-2023",
    kind: SigningV1.DocumentKind = .unspecified,
    by options: CallOptions
  ) async throws -> [SigningV1.Document] {
    var documents: [SigningV1.Document] = []
    let request = SigningV1.StreamDocumentsRequest(parent: parent, kind: kind, schoolYear: year)
    for try await document in school.documents.streamDocuments(request, options: options) {
      documents.append(document)
    }
    return documents
  }

  @Test func `documents come by source, each with its file`() async throws {
    try await TestSchool.with { school in
      try await school.sign(TestSchool.transcripts.reversed(), by: school.classTeacher)
      try await school.sign([TestSchool.sheet], by: school.subjectTeacher)
      _ = try await school.prepare([TestSchool.transcripts[0]], by: school.principal)
      let options = try school.principal.options
      let all = try await Self.stream(school, Self.place, by: options)
      #expect(all.map(\.source) == [TestSchool.sheet] + TestSchool.transcripts)
      #expect(all.allSatisfy { Hex.encode(SHA256.digest($0.content)) == $0.contentDigest })
      let sheets = try await Self.stream(school, Self.place, kind: .markSheet, by: options)
      #expect(sheets.map(\.source) == [TestSchool.sheet])
      let other = "\(Self.place)/classes/\(TestSchool.otherClass)"
      #expect(try await Self.stream(school, other, by: options).isEmpty)
      #expect(try await Self.stream(school, Self.place, year: "2023-2024", by: options).isEmpty)
      let unsaid = try await refusal {
        try await Self.stream(school, Self.place, year: "", by: options)
      }
      #expect(unsaid?.fields == ["school_year"])
    }
  }

  @Test func `a class teacher sees the own class, others nothing`() async throws {
    try await TestSchool.with { school in
      let signed = try await school.sign([TestSchool.transcripts[0]], by: school.classTeacher)
      let own = "\(Self.place)/classes/\(TestSchool.schoolClass)"
      let teacher = try school.classTeacher.options
      #expect(try await Self.stream(school, own, by: teacher).count == 1)
      _ = try await school.documents.getDocument(.init(name: signed[0].name), options: teacher)
      let stranger = try school.call("bomon", .teacher)
      let nobody = try school.tokens.call(.teacher, at: TestSchool.school)
      let elsewhere = try school.tokens.call(
        .principal,
        at: SampleOrganizations.otherSecondary
      )
      for (parent, options) in [
        (Self.place, teacher), ("\(Self.place)/classes/\(TestSchool.otherClass)", teacher),
        (own, stranger), (own, nobody), (own, elsewhere),
      ] {
        let refused = try await refusal { try await Self.stream(school, parent, by: options) }
        #expect(refused?.reason == "NOT_ALLOWED")
      }
      for options in [stranger, nobody, elsewhere] {
        let refused = try await refusal {
          try await school.documents.getDocument(.init(name: signed[0].name), options: options)
        }
        #expect(refused?.reason == "NOT_ALLOWED")
      }
    }
  }

  @Test func `the policies say who signs what in which order`() async throws {
    try await TestSchool.with { school in
      let answer = try await school.documents.listSigningPolicies(
        .init(),
        options: school.principal.options
      )
      #expect(answer.policies.map(\.policyID) == ["bang-diem/1", "hoc-ba/1"])
      #expect(
        answer.policies.map(\.roles) == [
          ["subject-teacher"], ["class-teacher", "principal", "seal"],
        ]
      )
    }
  }
}
