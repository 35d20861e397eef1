import API
import Foundation
import GRPC
import Protobuf
import ServiceKit
import TestSupport

@testable import Records
import TestTools

/// The records service over a copy of the sample district, with a client, and tokens for anybody.
struct TestDistrict: Sendable {
  static let province = SampleOrganizations.province
  static let district = SampleOrganizations.district
  static let primary = SampleOrganizations.primary
  static let secondary = SampleOrganizations.secondary

  let database: TestDatabase
  private let service: TestService
  private let tokens: TestTokens

  var client: GRPCClient { service.client }
  var marks: RecordsV1.MarkSheetServiceClient { .init(client) }
  var results: RecordsV1.ResultServiceClient { .init(client) }
  var transcripts: RecordsV1.TranscriptServiceClient { .init(client) }

  /// Runs a test over a district of its own.
  static func with(_ body: (TestDistrict) async throws -> Void) async throws {
    try await template.value.withCopy { database in
      let district = try await TestDistrict(database)
      try await district.service.run { try await body(district) }
    }
  }

  /// The sample district as its workbooks make it, made once a run.
  private static let template = Task {
    let database = try await TestDatabase.empty("hocba_records_tests")
    try database.run(SampleOrganizations.script)
    let district = try await TestDistrict(database)
    try await district.service.run { try await district.importSamples() }
    return database
  }

  private init(_ database: TestDatabase) async throws {
    self.database = database
    tokens = try TestTokens(in: database)
    service = try await TestService("records", over: database) { kit in
      MarkSheetService(kit: kit).handlers(kit) + ResultService(kit: kit).handlers(kit)
        + TranscriptService(kit: kit).handlers(kit)
        + ImportService(kit: kit).handlers(kit)
        + (try RosterService(kit: kit, pages: PageTokens())).handlers(kit)
        + CatalogService(kit: kit).handlers(kit)
    }
  }

  private func importSamples() async throws {
    let officer = try call(.officer, at: Self.district)
    for (code, school) in [("74725101", Self.primary), ("74725501", Self.secondary)] {
      let files = try FileManager.default.contentsOfDirectory(
        at: Repository.district.appending(path: code),
        includingPropertiesForKeys: nil
      )
      // "ho-so-truong" sorts before "so-diem" and "tong-hop", which need what it brings.
      for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "xlsx" {
        let bytes = [UInt8](try Data(contentsOf: file))
        let header = RecordsV1.ImportHeader(
          parent: "schools/\(school)",
          fileName: file.lastPathComponent,
          requestID: Self.requestID()
        )
        let answer = try await RecordsV1.ImportServiceClient(client)
          .importWorkbook(options: officer) { writer in
            try await writer.write(.init(part: .header(header)))
            try await writer.write(.init(part: .chunk(bytes)))
          }
        guard answer.outcome == .imported else {
          throw TestFailure("\(file.lastPathComponent): \(answer)")
        }
      }
    }
  }

  /// A new request id.
  static func requestID() -> String { TestTokens.id() }

  /// What a call of somebody with a role carries.
  func call(
    _ role: RoleKind,
    at organization: OrganizationID,
    staff: String = ""
  ) throws -> CallOptions {
    try tokens.call(role, at: organization, staff: staff)
  }

  /// Name of a class of the sample schools.
  func className(_ display: String) throws -> String {
    let rows = try database.run(
      "SELECT 'schools/' || school_id || '/classes/' || id FROM records.class "
        + "WHERE name = '\(display)'"
    )
    return try one(rows)
  }

  /// Name of a pupil.
  func studentName(code: String) throws -> String {
    let rows = try database.run(
      "SELECT 'schools/' || school_id || '/students/' || id FROM records.student "
        + "WHERE code = '\(code)'"
    )
    return try one(rows)
  }

  /// Staff code of whoever teaches a subject in a class, or of its class teacher.
  func teacher(of subject: String? = nil, in display: String) throws -> String {
    guard let subject else {
      return try one(
        try database.run("SELECT class_teacher FROM records.class WHERE name = '\(display)'")
      )
    }
    return try one(
      try database.run(
        """
        SELECT teacher FROM records.assignment a JOIN records.class c ON c.id = a.class_id
         WHERE c.name = '\(display)' AND a.subject = '\(subject)'
        """
      )
    )
  }

  /// Enters a mark sheet as signed by its teacher, as the signing service does.
  func sign(_ sheet: RecordsV1.MarkSheet, revision: Int = 1) throws {
    let parts = sheet.name.split(separator: "/")
    let document = Self.requestID()
    try database.run(
      """
      INSERT INTO signing.document
      VALUES ('\(parts[1])', '\(document)', '\(sheet.name)', 'MARK_SHEET', \(revision),
              'bang-diem/1', '2022-2023', '\(parts[3])', '\(sheet.subject)', \(sheet.term), NULL,
              '\(sheet.payloadDigest)');
      INSERT INTO signing.signed_file
      VALUES ('\(parts[1])', '\(document)', 1, 'SUBJECT_TEACHER', 'Giáo viên thử',
              '\(document)', '\(document)', now(), '', '');
      """
    )
  }

  private func one(_ rows: [String]) throws -> String {
    guard let row = rows.first, rows.count == 1 else {
      throw TestFailure("\(rows.count) rows")
    }
    return row
  }
}
