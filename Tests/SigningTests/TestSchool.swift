import API
import Crypto
import Foundation
import GRPC
import ServiceKit
import TestPKI
import TestSupport

@testable import Signing

/// The signing service over a school with a class of three pupils, and everybody who signs there.
struct TestSchool: Sendable {
  /// Somebody who signs: what the calls carry, and where the key and the certificate are.
  struct Signer: Sendable {
    let capacity: SigningV1.Capacity
    let options: CallOptions
    let certificate: String
    let key: PrivateKey
  }

  static let school = SampleOrganizations.secondary
  static let schoolClass = "00000000-0000-7000-8000-00000000c001"
  static let otherClass = "00000000-0000-7000-8000-00000000c002"
  static let sheet = "schools/\(school)/classes/\(schoolClass)/markSheets/toan-hk1"
  static let transcripts = (1...3).map {
    "schools/\(school)/students/00000000-0000-7000-8000-00000000a00\($0)/transcripts/2022-2023"
  }

  /// Codes of the certificates, by which the authority files them, with their holders.
  private static let holders = [
    "bomon", "chunhiem", "hieutruong", "phohieutruong", "vanthu", "thuhoi", "thoi",
  ]
  private static let pki = Result {
    let pki = try TestPKI()
    for code in holders {
      try pki.issue("person\t\(code)\tNgười \(code)\t074190001234\tTrường Mẫu")
    }
    try pki.issue("seal\tdau\tTrường Trung học cơ sở Mẫu\t74725501\tTrường Mẫu")
    try pki.revoke("thuhoi")
    return pki
  }

  let database: TestDatabase
  let service: TestService
  let records: FakeRecords
  let clock: TestClock
  let tokens: TestTokens
  private let ids: [String: String]

  var signatures: SigningV1.SignatureServiceClient { .init(service.client) }
  var documents: SigningV1.DocumentServiceClient { .init(service.client) }
  var verification: SigningV1.VerificationServiceClient { .init(service.client) }

  static func with(_ body: (TestSchool) async throws -> Void) async throws {
    let pki = try pki.get()
    try await TestDatabase.with { database in
      let tokens = try TestTokens(in: database)
      var ids: [String: String] = [:]
      for code in holders + ["dau"] { ids[code] = TestTokens.id() }
      try database.run(script(ids, pki))
      let records = FakeRecords()
      for name in transcripts + [sheet] { records.set(name, "\(name): một") }
      let clock = TestClock()
      let other = try await TestService("records", over: database, clock: clock.clock) {
        records.handlers($0)
      }
      let service = try await TestService("signing", over: database, clock: clock.clock) { kit in
        let trust = try pki.trust()
        let signatures = SignatureService(
          kit: kit,
          source: PayloadSource(client: other.client),
          trust: trust,
          intentLifetime: .seconds(900)
        )
        return signatures.handlers(kit) + DocumentService(kit: kit).handlers(kit)
          + VerificationService(kit: kit, trust: trust).handlers(kit)
      }
      let school = TestSchool(
        database: database,
        service: service,
        records: records,
        clock: clock,
        tokens: tokens,
        ids: ids
      )
      try await other.run { try await service.run { try await body(school) } }
    }
  }

  private static func script(_ ids: [String: String], _ pki: TestPKI) throws -> String {
    var script = ""
    for (code, id) in ids.sorted(by: { $0.key < $1.key }) {
      let der = Hex.encode(try pki.certificate(code).der)
      let isSeal = code == "dau"
      if !isSeal {
        script += """
          INSERT INTO identity.person (id, login, display_name)
          VALUES ('\(id)', '\(code)', 'Người \(code)');
          INSERT INTO records.staff VALUES ('\(school)', '\(code)', '', NULL, '', '', '', '');

          """
      }
      script += """
        INSERT INTO identity.certificate
        VALUES ('\(id)', \(isSeal ? "NULL, '\(school)'" : "'\(id)', NULL"),
                decode('\(der)', 'hex'), decode('\(der)', 'hex'), '', '', now(), now(),
                \(code == "thoi" ? "now()" : "NULL"));

        """
    }
    script += """
      INSERT INTO records.class VALUES
        ('\(school)', '\(schoolClass)', '2022-2023', '6A', 6, 'chunhiem'),
        ('\(school)', '\(otherClass)', '2022-2023', '6B', 6, 'bomon');
      INSERT INTO records.assignment
      VALUES ('\(school)', '\(schoolClass)', 'toan', 'Toán', 'bomon');

      """
    for (index, name) in transcripts.enumerated() {
      let student = name.split(separator: "/")[3]
      script += """
        INSERT INTO records.student
        VALUES ('\(school)', '\(student)', '\(index)', '', now(), '', '', '', '', '', '', '', '');
        INSERT INTO records.enrolment
        VALUES ('\(school)', '\(student)', '2022-2023', '\(schoolClass)');

        """
    }
    return script
  }

  /// What a call of a member of staff carries.
  func call(_ code: String, _ role: RoleKind, at place: String = TestSchool.school) throws
    -> CallOptions
  {
    try tokens.call(
      Caller(
        id: ids[code] ?? "",
        displayName: "Người \(code)",
        staffCode: code,
        roles: [CallerRole(kind: role, organization: place)],
        expiry: 4_000_000_000
      )
    )
  }

  /// Somebody who signs, with their own certificate or another's.
  func signer(
    _ code: String,
    _ role: RoleKind,
    _ capacity: SigningV1.Capacity,
    certificate other: String? = nil
  ) throws -> Signer {
    let used = other ?? (capacity == .seal ? "dau" : code)
    let id = ids[used] ?? ""
    return Signer(
      capacity: capacity,
      options: try call(code, role),
      certificate: used == "dau"
        ? "organizations/\(Self.school)/certificates/\(id)" : "people/\(id)/certificates/\(id)",
      key: try Self.pki.get().key(used)
    )
  }

  var subjectTeacher: Signer {
    get throws { try signer("bomon", .teacher, .subjectTeacher) }
  }
  var classTeacher: Signer {
    get throws { try signer("chunhiem", .teacher, .classTeacher) }
  }
  var principal: Signer {
    get throws { try signer("hieutruong", .principal, .principal) }
  }
  var seal: Signer {
    get throws { try signer("vanthu", .clerk, .seal) }
  }

  func prepare(
    _ sources: [String],
    by signer: Signer
  ) async throws -> [SigningV1.SignatureIntent] {
    try await signatures.prepareSignatures(
      .init(
        parent: "schools/\(Self.school)",
        capacity: signer.capacity,
        sources: sources,
        certificate: signer.certificate,
        requestID: TestTokens.id()
      ),
      options: signer.options
    ).intents
  }

  /// What the holder's token makes of what was prepared.
  func values(
    of intents: [SigningV1.SignatureIntent],
    by signer: Signer
  ) throws -> [SigningV1.CompletedSignature] {
    try intents.map { intent in
      .init(intent: intent.name, value: try signer.key.sign(digest: intent.digest, by: .ecdsaP256))
    }
  }

  func complete(
    _ values: [SigningV1.CompletedSignature],
    by signer: Signer,
    request: String = TestTokens.id()
  ) async throws -> [SigningV1.Document] {
    try await signatures.completeSignatures(
      .init(parent: "schools/\(Self.school)", signatures: values, requestID: request),
      options: signer.options
    ).documents
  }

  @discardableResult
  func sign(_ sources: [String], by signer: Signer) async throws -> [SigningV1.Document] {
    try await complete(values(of: prepare(sources, by: signer), by: signer), by: signer)
  }

  /// Has a transcript signed by everybody, and gives the file.
  func issue(_ source: String) async throws -> SigningV1.Document {
    for signer in try [classTeacher, principal] { try await sign([source], by: signer) }
    let issued = try await sign([source], by: seal)
    return try await documents.getDocument(
      .init(name: issued[0].name),
      options: principal.options
    )
  }

  func count(_ table: String) throws -> Int {
    Int(try database.run("SELECT count(*) FROM signing.\(table)").first ?? "") ?? -1
  }
}
