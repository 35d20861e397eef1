import API
import GRPC
import ServiceKit
import TestSupport
import TestTools
import Testing

@testable import Signing

@Suite struct CompletionTests {
  private static let source = [TestSchool.transcripts[0]]

  private static func reason(
    _ school: TestSchool,
    _ values: [SigningV1.CompletedSignature],
    by signer: TestSchool.Signer,
    request: String = TestTokens.id()
  ) async throws -> String? {
    try await refusal { try await school.complete(values, by: signer, request: request) }?.reason
  }

  @Test func `the same value again gives the same answer, another value none`() async throws {
    try await TestSchool.with { school in
      let signer = try school.classTeacher
      let intents = try await school.prepare(Self.source, by: signer)
      let values = try school.values(of: intents, by: signer)
      let request = TestTokens.id()
      let first = try await school.complete(values, by: signer, request: request)
      #expect(try await school.complete(values, by: signer, request: request) == first)
      #expect(try await school.complete(values, by: signer) == first)
      #expect(try school.count("signed_file") == 1)
      // ECDSA makes another value each time, and this one is good too: but one is in the file.
      let other = try school.values(of: intents, by: signer)
      #expect(other != values)
      #expect(try await Self.reason(school, other, by: signer) == "SIGNATURE_INVALID")
      #expect(
        try await Self.reason(school, other, by: signer, request: request) == "REQUEST_ID_REUSED"
      )
      #expect(try school.count("signed_file") == 1)
    }
  }

  @Test func `a wrong value is refused and the right one is taken after it`() async throws {
    try await TestSchool.with { school in
      let signer = try school.classTeacher
      let intents = try await school.prepare(Self.source, by: signer)
      let stranger = try school.values(of: intents, by: school.principal)
      var short = try school.values(of: intents, by: signer)
      let values = short
      short[0].value.removeLast()
      var empty = values
      empty[0].value = []
      for wrong in [stranger, short, empty] {
        #expect(try await Self.reason(school, wrong, by: signer) == "SIGNATURE_INVALID")
      }
      #expect(try await Self.reason(school, values, by: signer) == nil)
    }
  }

  @Test func `one wrong value of a batch leaves the others unsigned`() async throws {
    try await TestSchool.with { school in
      let signer = try school.classTeacher
      let intents = try await school.prepare(TestSchool.transcripts, by: signer)
      var values = try school.values(of: intents, by: signer)
      values[2].value = values[1].value
      #expect(try await Self.reason(school, values, by: signer) == "SIGNATURE_INVALID")
      #expect(try school.count("signed_file") == 0)
    }
  }

  @Test func `an intent is its person's, its school's, and ends`() async throws {
    try await TestSchool.with { school in
      let signer = try school.classTeacher
      let intents = try await school.prepare(Self.source, by: signer)
      let values = try school.values(of: intents, by: signer)
      let other = try school.principal
      #expect(try await Self.reason(school, values, by: other) == "INTENT_NOT_FOUND")
      for name in ["", "x", "schools/\(TestSchool.school)/intents/\(TestTokens.id())"] {
        let unknown = [SigningV1.CompletedSignature(intent: name, value: values[0].value)]
        #expect(try await Self.reason(school, unknown, by: signer) == "INTENT_NOT_FOUND")
      }
      #expect(try await Self.reason(school, [], by: signer) == "BATCH_SIZE")
      school.clock.advance(by: 900)
      #expect(try await Self.reason(school, values, by: signer) == "INTENT_EXPIRED")
      #expect(try school.count("signed_file") == 0)
    }
  }

  @Test func `a certificate retired after preparing signs nothing more`() async throws {
    try await TestSchool.with { school in
      let signer = try school.classTeacher
      let intents = try await school.prepare(Self.source, by: signer)
      let values = try school.values(of: intents, by: signer)
      try school.database.run("UPDATE identity.certificate SET retire_time = now()")
      #expect(try await Self.reason(school, values, by: signer) == "CERTIFICATE_NOT_USABLE")
    }
  }

  @Test func `who has lost the class or the office after preparing signs no more for it`()
    async throws
  {
    try await TestSchool.with { school in
      let teacher = try school.classTeacher
      let values = try school.values(
        of: try await school.prepare(Self.source, by: teacher),
        by: teacher
      )
      try school.database.run("UPDATE records.class SET class_teacher = 'bomon'")
      #expect(try await Self.reason(school, values, by: teacher) == "NOT_ALLOWED")
      try school.database.run("UPDATE records.class SET class_teacher = 'chunhiem'")
      #expect(try await Self.reason(school, values, by: teacher) == nil)

      let principal = try school.principal
      let next = try school.values(
        of: try await school.prepare(Self.source, by: principal),
        by: principal
      )
      let later = try school.signer("hieutruong", .teacher, .principal)
      #expect(try await Self.reason(school, next, by: later) == "NOT_ALLOWED")
      #expect(try await Self.reason(school, next, by: principal) == nil)
    }
  }

  @Test func `an intent of whatever length that there is not is refused at once`() async throws {
    try await TestSchool.with { school in
      let value = SigningV1.CompletedSignature(
        intent: String(repeating: "x", count: 1_000_000),
        value: [1]
      )
      let teacher = try school.classTeacher
      #expect(try await Self.reason(school, [value], by: teacher) == "INTENT_NOT_FOUND")
    }
  }

  @Test(arguments: [
    "UPDATE signing.signing_policy SET roles = '{seal}'",
    "INSERT INTO signing.signing_policy VALUES ('x', 'TRANSCRIPT', '{seal}', now(), NULL)",
    "DELETE FROM signing.intent", "UPDATE signing.intent SET prepared = ''",
    "UPDATE signing.document SET payload_digest = ''", "DELETE FROM signing.signed_file",
  ])
  func `the service itself may not change what documents follow or hold`(
    statement: String
  ) async throws {
    try await TestSchool.with { school in
      #expect(throws: (any Error).self) {
        try school.database.run("SET ROLE hocba_signing; \(statement)")
      }
    }
  }

  @Test func `a changed payload begins a new revision and leaves the half-signed one`() async throws
  {
    try await TestSchool.with { school in
      let old = try await school.sign(Self.source, by: school.classTeacher)
      let stale = try await school.prepare(Self.source, by: school.principal)
      school.records.set(Self.source[0], "hai")
      let early = try await refusal {
        try await school.prepare(Self.source, by: school.principal)
      }
      #expect(early?.metadata["expected"] == "class-teacher")
      let new = try await school.sign(Self.source, by: school.classTeacher)
      #expect(old[0].revision == 1)
      #expect(new[0].revision == 2)
      #expect(new[0].payloadDigest != old[0].payloadDigest)
      let values = try school.values(of: stale, by: school.principal)
      #expect(try await Self.reason(school, values, by: school.principal) == "DOCUMENT_CHANGED")
      let kept = try await school.documents.getDocument(
        .init(name: old[0].name),
        options: school.principal.options
      )
      #expect(kept.state == .signing)
      #expect(kept.signatures.count == 1)
    }
  }

  @Test func `of two who sign the same step, one does`() async throws {
    try await TestSchool.with { school in
      try await school.sign(TestSchool.transcripts, by: school.classTeacher)
      let two = try [
        school.principal, school.signer("phohieutruong", .deputyPrincipal, .principal),
      ]
      // In opposite orders, so that they would wait for each other if each took what comes first.
      let orders = [TestSchool.transcripts, TestSchool.transcripts.reversed()]
      var prepared: [(TestSchool.Signer, [SigningV1.CompletedSignature])] = []
      for (signer, sources) in zip(two, orders) {
        let intents = try await school.prepare(sources, by: signer)
        prepared.append((signer, try school.values(of: intents, by: signer)))
      }
      let reasons = try await withThrowingTaskGroup(of: String?.self) { [prepared] group in
        for (signer, values) in prepared {
          group.addTask { try await Self.reason(school, values, by: signer) }
        }
        return try await group.reduce(into: [String]()) { $0.append($1 ?? "") }
      }
      #expect(reasons.sorted() == ["", "DOCUMENT_CHANGED"])
      #expect(try school.count("signed_file WHERE step = 2") == 3)
      #expect(
        try school.database.run(
          "SELECT count(DISTINCT person_id) FROM signing.signed_file WHERE step = 2"
        ) == ["1"]
      )
    }
  }

  @Test(arguments: [
    ("RAISE EXCEPTION 'no'", RPCCode.internalError),
    ("PERFORM pg_terminate_backend(pg_backend_pid())", .unavailable),
  ])
  func `what breaks in the middle leaves the intent, which can be completed`(
    fault: String,
    code: RPCCode
  ) async throws {
    try await TestSchool.with { school in
      let signer = try school.classTeacher
      let intents = try await school.prepare(Self.source, by: signer)
      let values = try school.values(of: intents, by: signer)
      try school.database.run(
        """
        CREATE FUNCTION signing.break() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
          $$ BEGIN \(fault); RETURN NULL; END $$;
        CREATE TRIGGER break AFTER UPDATE ON signing.intent
          FOR EACH ROW EXECUTE FUNCTION signing.break();
        """
      )
      let request = TestTokens.id()
      let broken = try await refusal {
        try await school.complete(values, by: signer, request: request)
      }
      #expect(broken?.code == code)
      #expect(try school.count("signed_file") == 0)
      try school.database.run("DROP TRIGGER break ON signing.intent")
      let done = try await school.complete(values, by: signer, request: request)
      #expect(done[0].signatures.count == 1)
      #expect(try school.count("signed_file") == 1)
    }
  }

  @Test(arguments: ["document", "signed_file"])
  func `what is signed cannot be changed, by the service or by its owner`(
    table: String
  ) async throws {
    try await TestSchool.with { school in
      try await school.sign(Self.source, by: school.classTeacher)
      for change in [
        "UPDATE \(table) SET school_id = school_id", "DELETE FROM \(table)",
        "TRUNCATE \(table) CASCADE",
      ] {
        for role in ["", "SET ROLE hocba_signing; "] {
          #expect(throws: TestFailure.self) {
            try school.database.run("SET search_path = signing; \(role)\(change)")
          }
        }
      }
      #expect(try school.count(table) == 1)
    }
  }
}
