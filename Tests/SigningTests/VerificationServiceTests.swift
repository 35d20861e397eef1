import API
import GRPC
import TestSupport
import Testing

@testable import Signing

@Suite struct VerificationServiceTests {
  private static let source = TestSchool.transcripts[0]

  @Test func `an issued file passes, and is replaced by the next revision`() async throws {
    try await TestSchool.with { school in
      let first = try await school.issue(Self.source)
      let verdict = try await school.verification.verify(.init(content: first.content))
      #expect(verdict.verdict == .totalPassed)
      #expect(verdict.reasons.isEmpty)
      #expect(verdict.registerState == .inForce)
      #expect(verdict.signatures.map(\.role) == ["class-teacher", "principal", "seal"])
      #expect(verdict.signatures.allSatisfy { $0.verdict == .totalPassed })
      school.records.set(Self.source, "hai")
      try await school.sign([Self.source], by: school.classTeacher)
      let during = try await school.verification.verify(.init(content: first.content))
      #expect(during.registerState == .inForce)
      try await school.sign([Self.source], by: school.principal)
      try await school.sign([Self.source], by: school.seal)
      let after = try await school.verification.verify(.init(content: first.content))
      #expect(after.verdict == .totalPassed)
      #expect(after.registerState == .superseded)
      let old = try await school.documents.getDocument(
        .init(name: first.name),
        options: school.principal.options
      )
      #expect(old.state == .superseded)
    }
  }

  @Test func `one changed character fails, and no such file was issued`() async throws {
    try await TestSchool.with { school in
      var content = try await school.issue(Self.source).content
      let text = String(decoding: content, as: UTF8.self)
      content = Array(text.replacing("một", with: "mốt").utf8)
      let verdict = try await school.verification.verify(.init(content: content))
      #expect(verdict.verdict == .totalFailed)
      #expect(verdict.signatures.contains { $0.reasons.contains { $0.code == "HASH_FAILURE" } })
      #expect(verdict.registerState == .unknown)
    }
  }

  @Test func `a half-signed file is neither passed nor issued`() async throws {
    try await TestSchool.with { school in
      let signed = try await school.sign([Self.source], by: school.classTeacher)
      let half = try await school.documents.getDocument(
        .init(name: signed[0].name),
        options: school.principal.options
      )
      let verdict = try await school.verification.verify(.init(content: half.content))
      #expect(verdict.verdict == .indeterminate)
      #expect(verdict.reasons.map(\.code) == ["SIGNATURES_MISSING"])
      #expect(verdict.registerState == .unknown)
    }
  }

  @Test func `what is no document has a verdict, what is no file has none`() async throws {
    try await TestSchool.with { school in
      let verdict = try await school.verification.verify(.init(content: Array("xin chào".utf8)))
      #expect(verdict.verdict == .totalFailed)
      #expect(verdict.reasons.map(\.code) == ["FORMAT_FAILURE"])
      let empty = try await refusal { try await school.verification.verify(.init()) }
      #expect(empty?.reason == "FILE_EMPTY")
      let large = [UInt8](repeating: 0x20, count: VerificationService.fileLimit + 1)
      let refused = try await refusal {
        try await school.verification.verify(.init(content: large))
      }
      #expect(refused?.reason == "FILE_TOO_LARGE")
    }
  }
}
