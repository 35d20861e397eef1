import API
import Crypto
import Foundation
import GRPC
import Logging
import NIOCore
import NIOPosix
import Postgres
import Protobuf
import ServiceKit

@testable import Records

/// The records service over a copy of the sample district, with a client, and tokens for anybody.
struct TestDistrict: Sendable {
  static let province = "00000000-0000-7000-8000-000000000074"
  static let district = "00000000-0000-7000-8000-000000000725"
  static let primary = "00000000-0000-7000-8000-000074725101"
  static let secondary = "00000000-0000-7000-8000-000074725501"

  let database: TestDatabase
  let client: GRPCClient
  private let kit: Kit
  private let server: GRPCServer
  private let key: PrivateKey

  var marks: RecordsV1.MarkSheetServiceClient { .init(client) }
  var results: RecordsV1.ResultServiceClient { .init(client) }
  var transcripts: RecordsV1.TranscriptServiceClient { .init(client) }

  /// Runs a test over a district of its own.
  static func with(_ body: (TestDistrict) async throws -> Void) async throws {
    let database = try await template.value.copy()
    do {
      let district = try await TestDistrict(database)
      do {
        try await body(district)
        await district.stop()
      } catch {
        await district.stop()
        throw error
      }
      try database.drop()
    } catch {
      try database.drop()
      throw error
    }
  }

  /// The sample district as its workbooks make it, made once a run.
  private static let template = Task {
    let database = try await TestDatabase.empty("hocba_records_tests")
    try database.run(organizations)
    let district = try await TestDistrict(database)
    try await district.importSamples()
    await district.stop()
    return database
  }

  private static let organizations = """
    INSERT INTO identity.organization (id, code, display_name, kind, parent_id, levels, valid_from)
    VALUES ('00000000-0000-7000-8000-000000000001', 'BO', 'Bộ Giáo dục và Đào tạo', 'MINISTRY',
            NULL, '{}', '2000-01-01'),
           ('\(province)', '74', 'Sở Giáo dục và Đào tạo Bình Dương', 'PROVINCE',
            '00000000-0000-7000-8000-000000000001', '{}', '2000-01-01'),
           ('\(district)', '725', 'Phòng Giáo dục và Đào tạo Thuận An', 'DISTRICT', '\(province)',
            '{}', '2000-01-01'),
           ('\(primary)', '74725101', 'Trường Tiểu học Mẫu', 'SCHOOL', '\(district)', '{TH}',
            '2000-01-01'),
           ('\(secondary)', '74725501', 'Trường Trung học cơ sở Mẫu', 'SCHOOL', '\(district)',
            '{THCS}', '2000-01-01');
    """

  private init(_ database: TestDatabase) async throws {
    self.database = database
    key = try PrivateKey.generateP256()
    let point = try key.publicKey().coordinates
    try database.run(
      """
      DELETE FROM identity.token_key;
      INSERT INTO identity.token_key
      VALUES ('test', '', '\(Base64.encodeURL(point?.x ?? []))',
              '\(Base64.encodeURL(point?.y ?? []))', now(), now() + '1h', now() + '1h');
      """
    )
    var logger = Logger(label: "test")
    logger.logLevel = .error
    kit = Kit(
      name: "records",
      database: Database(DatabaseConfiguration(database.connection(as: "records")), logger: logger),
      clock: .system,
      logger: logger
    )
    let handlers =
      MarkSheetService(kit: kit).handlers(kit.open) + ResultService(kit: kit).handlers(kit.open)
      + TranscriptService(kit: kit).handlers(kit.open) + ImportService(kit: kit).handlers(kit.open)
      + (try RosterService(kit: kit)).handlers(kit.open)
      + CatalogService(kit: kit).handlers(kit.open)
    server = GRPCServer(
      configuration: ServerConfiguration(host: "127.0.0.1", port: 0),
      handlers: handlers,
      group: MultiThreadedEventLoopGroup.singleton,
      logger: logger
    )
    let address = try await server.start()
    client = GRPCClient(
      host: "127.0.0.1",
      port: address.port ?? 0,
      group: MultiThreadedEventLoopGroup.singleton
    )
  }

  private func stop() async {
    await client.close()
    await server.shutdown(grace: .seconds(1))
    await kit.database.shutdown()
  }

  private func importSamples() async throws {
    let officer = try call(.officer, at: Self.district)
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../deploy/demo/district").standardizedFileURL
    for (code, school) in [("74725101", Self.primary), ("74725501", Self.secondary)] {
      let files = try FileManager.default.contentsOfDirectory(
        at: folder.appending(path: code),
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
          throw TestDatabase.Failure(description: "\(file.lastPathComponent): \(answer)")
        }
      }
    }
  }

  /// A new request id.
  static func requestID() -> String { UUID().uuidString.lowercased() }

  /// What a call of somebody with a role carries.
  func call(
    _ role: RoleKind,
    at organization: OrganizationID,
    staff: String = ""
  ) throws -> CallOptions {
    let caller = Caller(
      id: Self.requestID(),
      displayName: "Người thử",
      staffCode: staff,
      roles: [CallerRole(kind: role, organization: organization)],
      expiry: ServiceClock.system.seconds + 600
    )
    let token = try AccessToken.make(for: caller, key: key, keyID: "test")
    var metadata = Metadata()
    metadata.add("Bearer \(token)", for: "authorization")
    return CallOptions(metadata: metadata, timeout: .seconds(60))
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
      throw TestDatabase.Failure(description: "\(rows.count) rows")
    }
    return row
  }
}

/// The reason that an error carries for programs; `nil` if it is none of the service's.
func reason(_ body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch let error as RPCError {
    let status = try? GoogleRPC.Status(decoding: error.details)
    for detail in status?.details ?? [] {
      if let info = try? detail.unpacked(as: GoogleRPC.ErrorInfo.self) { return info.reason }
    }
    return "\(error.code)"
  } catch {
    return "\(error)"
  }
}
