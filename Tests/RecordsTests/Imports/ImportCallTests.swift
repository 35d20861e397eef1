import API
import Foundation
import GRPC
import Postgres
import ServiceKit
import TestSupport
import Testing
import Workbook

@testable import Records

/// What can happen to the call itself: strangers, broken streams, repetition, interruption.
@Suite("ImportService: the call")
struct ImportCallTests {
  private static let file = "so-diem-6A1-hk1.xlsx"

  private func sample() throws -> [UInt8] { try TestDistrict.sample("74725501/\(Self.file)") }

  /// The mark book with one mark changed.
  private func changed(to mark: String = "0,5") throws -> [UInt8] {
    SpreadsheetWriter.file(
      try Workbook.read(sample()).setting("Toán", "7400100161", 9, .text(mark))
    )
  }

  /// The reason for which the service refuses these messages.
  private func refusal(
    _ district: TestDistrict,
    _ parts: [RecordsV1.ImportWorkbookRequest.Part]
  ) async throws -> String? {
    let clerk = try district.call(.clerk, at: TestDistrict.secondary)
    return await reason {
      _ = try await RecordsV1.ImportServiceClient(district.client)
        .importWorkbook(options: clerk) { writer in
          for part in parts { try await writer.write(.init(part: part)) }
        }
    }
  }

  private static let header = RecordsV1.ImportHeader(
    parent: "schools/\(TestDistrict.secondary)",
    fileName: file,
    requestID: TestDistrict.requestID()
  )

  @Test func `others than the school's own office are refused`() async throws {
    try await TestDistrict.with { district in
      let before = try district.everything()
      let strangers = [
        try district.call(.clerk, at: TestDistrict.primary),
        try district.call(.teacher, at: TestDistrict.secondary, staff: "74725501-004"),
        try district.call(.administrator, at: TestDistrict.district),
      ]
      for stranger in strangers {
        let refused = await reason {
          _ = try await district.bring(
            try sample(),
            as: Self.file,
            to: TestDistrict.secondary,
            by: stranger
          )
        }
        #expect(refused == "NOT_ALLOWED")
      }
      #expect(try district.everything() == before)
    }
  }

  @Test func `an office of the district is no school`() async throws {
    try await TestDistrict.with { district in
      let officer = try district.call(.officer, at: TestDistrict.district)
      let refused = await reason {
        _ = try await district.bring(
          try sample(),
          as: Self.file,
          to: TestDistrict.district,
          by: officer
        )
      }
      #expect(refused == "FIELD_INVALID")
    }
  }

  @Test func `the header comes first and once, and names the file`() async throws {
    try await TestDistrict.with { district async throws in
      var nameless = Self.header
      nameless.fileName = ""
      #expect(try await refusal(district, []) == "IMPORT_HEADER_MISSING")
      #expect(try await refusal(district, [.chunk([1])]) == "IMPORT_HEADER_MISSING")
      let twice = [RecordsV1.ImportWorkbookRequest.Part](repeating: .header(Self.header), count: 2)
      #expect(try await refusal(district, twice) == "IMPORT_HEADER_MISSING")
      #expect(try await refusal(district, [.header(nameless)]) == "FIELD_INVALID")
    }
  }

  @Test func `a file and a piece have their limits`() async throws {
    try await TestDistrict.with { district async throws in
      let piece = [UInt8](repeating: 0, count: 1 << 20)
      var parts = [RecordsV1.ImportWorkbookRequest.Part](repeating: .chunk(piece), count: 18)
      parts[0] = .header(Self.header)
      #expect(try await refusal(district, parts) == "FILE_TOO_LARGE")
      let wide =
        [.header(Self.header), .chunk(piece + [0])]
        as [RecordsV1.ImportWorkbookRequest.Part]
      #expect(try await refusal(district, wide) == "FIELD_INVALID")
    }
  }

  @Test func `what is no workbook is a problem of the file`() async throws {
    try await TestDistrict.with { district in
      for bytes in [[], Array("không phải bảng tính".utf8)] as [[UInt8]] {
        let answer = try await district.bring(bytes, as: "a.xlsx", to: TestDistrict.secondary)
        #expect(answer.outcome == .rejected && answer.problemCount == 1)
        #expect(answer.problems.first?.reason.hasPrefix("WORKBOOK_") == true)
      }
      let strange = Workbook(sheets: [Sheet(name: "Thực đơn", rows: [1: [1: .text("Cơm")]])])
      let answer = try await district.bring(
        SpreadsheetWriter.file(strange),
        as: "a.xlsx",
        to: TestDistrict.secondary
      )
      #expect(answer.outcome == .rejected && answer.kind == .unspecified)
    }
  }

  @Test func `marks of a school without a roster are refused`() async throws {
    try await TestDistrict.with { district in
      try district.foundEmptySchool()
      let answer = try await district.bring(try sample(), as: Self.file, to: TestDistrict.empty)
      #expect(answer.problems.map(\.reason) == ["CLASS_UNKNOWN"])
    }
  }

  @Test func `the same request again gets the same answer, with another file it is refused`()
    async throws
  {
    try await TestDistrict.with { district in
      let id = TestDistrict.requestID()
      let school = TestDistrict.secondary
      let clerk = try district.call(.clerk, at: school)
      let first = try await district.bring(
        try changed(),
        as: Self.file,
        to: school,
        requestID: id,
        by: clerk
      )
      let before = try district.everything()
      let second = try await district.bring(
        try changed(),
        as: Self.file,
        to: school,
        requestID: id,
        by: clerk
      )
      #expect(first == second && first.outcome == .imported)
      let reused = await reason {
        _ = try await district.bring(
          try sample(),
          as: Self.file,
          to: school,
          requestID: id,
          by: clerk
        )
      }
      #expect(reused == "REQUEST_ID_REUSED")
      #expect(try district.everything() == before)
    }
  }

  /// How an import ends before its time.
  enum Interruption: CaseIterable {
    case callerGoesAway
    case connectionBreaks
  }

  @Test(arguments: Interruption.allCases)
  func `an import that is interrupted leaves nothing`(by interruption: Interruption) async throws {
    try await TestDistrict.with { district in
      let before = try district.everything()
      let bytes = try changed()
      // The head of the ledger is held, so that the import has written everything and waits there.
      let holder = try await district.database.hold(
        "SELECT FROM records.ledger_head FOR UPDATE"
      )
      let running = Task {
        try await district.bring(bytes, as: Self.file, to: TestDistrict.secondary)
      }
      try await district.database.waitForBlocked()
      switch interruption {
      case .callerGoesAway: running.cancel()
      case .connectionBreaks:
        try district.database.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + "WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
      }
      await #expect(throws: RPCError.self) { try await running.value }
      try await holder.release()
      try await district.database.waitForQuiet()
      #expect(try district.everything() == before)

      // What was interrupted can be done again, whole.
      let again = try await district.bring(bytes, as: Self.file, to: TestDistrict.secondary)
      #expect(again.outcome == .imported && again.updatedCount == 1)
    }
  }

  @Test func `files of one school at once come in one after the other`() async throws {
    try await TestDistrict.with { district in
      let bytes = [try changed(), try changed(to: "0,6")]
      let sheet = try district.className("6A1") + "/markSheets/toan-hk1"
      try await withThrowingTaskGroup { group in
        for number in 0..<12 {
          group.addTask {
            let answer = try await district.bring(
              bytes[number % 2],
              as: Self.file,
              to: TestDistrict.secondary
            )
            #expect([.imported, .unchanged].contains(answer.outcome))
          }
        }
        try await group.waitForAll()
      }
      // Every change of the one row is in the audit trail, and none is lost.
      let versions = try district.database.run(
        "SELECT max(version) FROM records.mark_row WHERE subject = 'toan' AND term = 1 "
          + "AND school_id = '\(TestDistrict.secondary)'"
      )
      let entries = try district.database.run(
        "SELECT count(*) FROM records.audit WHERE resource = '\(sheet)'"
      )
      #expect(versions == entries)
      #expect(versions != ["1"])
    }
  }
}
