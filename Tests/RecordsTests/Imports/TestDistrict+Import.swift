import API
import Foundation
import GRPC
import ServiceKit
import Workbook
import TestSupport

@testable import Records
import TestTools

extension TestDistrict {
  /// A school that has nothing yet.
  static let empty = "00000000-0000-7000-8000-000074725999"

  /// A file of the sample district.
  static func sample(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Repository.district.appending(path: path)))
  }

  /// Founds the school that has nothing yet.
  func foundEmptySchool() throws {
    try database.run(
      """
      INSERT INTO identity.organization (id, code, display_name, kind, parent_id, levels, valid_from)
      VALUES ('\(Self.empty)', '74725999', 'Trường mới', 'SCHOOL', '\(Self.district)',
              '{TH,THCS}', '2022-08-01')
      """
    )
  }

  /// Sends a workbook in pieces of 64 KiB.
  func bring(
    _ bytes: [UInt8],
    as fileName: String,
    to school: String,
    validateOnly: Bool = false,
    requestID: String = requestID(),
    by caller: CallOptions? = nil
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    let header = RecordsV1.ImportHeader(
      parent: "schools/\(school)",
      fileName: fileName,
      validateOnly: validateOnly,
      requestID: requestID
    )
    let clerk = try caller ?? call(.clerk, at: school)
    return try await RecordsV1.ImportServiceClient(client).importWorkbook(options: clerk) {
      writer in
      try await writer.write(.init(part: .header(header)))
      for start in stride(from: 0, to: bytes.count, by: 65_536) {
        let piece = Array(bytes[start..<min(start + 65_536, bytes.count)])
        try await writer.write(.init(part: .chunk(piece)))
      }
    }
  }

  /// Every table of records with a digest of its rows; `requests` tells whether the memory of
  /// answered requests counts too.
  func everything(requests: Bool = true) throws -> [String] {
    try database.run(
      """
      SELECT table_name, md5(query_to_xml(format(
               'SELECT * FROM records.%I AS t ORDER BY t::text', table_name), true, true, '')::text)
        FROM information_schema.tables
       WHERE table_schema = 'records' AND table_type = 'BASE TABLE'
         AND (\(requests) OR table_name <> 'request')
       ORDER BY table_name
      """
    )
  }

  /// How many rows a table of records has.
  func count(_ table: String, where condition: String = "true") throws -> Int? {
    try database.run("SELECT count(*) FROM records.\(table) WHERE \(condition)").first
      .flatMap { Int($0) }
  }
}

extension Workbook {
  /// The workbook with another value in the row whose second column holds a code; columns are
  /// counted from 1.
  func setting(_ sheet: String, _ code: String, _ column: Int, _ cell: Cell?) -> Workbook {
    var workbook = self
    for index in workbook.sheets.indices where workbook.sheets[index].name == sheet {
      let rows = workbook.sheets[index].rows
      guard let row = rows.first(where: { $0.value[2] == .text(code) })?.key else { continue }
      workbook.sheets[index][row, column] = cell
    }
    return workbook
  }
}
