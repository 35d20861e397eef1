import API
import GRPC
import Protobuf
import ServiceKit
import TestSupport
import Testing

@testable import Records

@Suite("MarkSheetService")
struct MarkSheetServiceTests {
  /// A sheet, its teacher, and a pupil in it.
  struct Sheet {
    let name: String
    let teacher: CallOptions
    let student: String
  }

  private func sheet(
    _ district: TestDistrict,
    _ subject: String = "ngoai-ngu-1",
    term: Int = 1
  ) throws -> Sheet {
    let staff = try district.teacher(of: subject, in: "6A1")
    return Sheet(
      name: try district.className("6A1") + "/markSheets/\(subject)-hk\(term)",
      teacher: try district.call(.teacher, at: TestDistrict.secondary, staff: staff),
      student: try district.studentName(code: "7400100161")
    )
  }

  private func row(
    _ district: TestDistrict,
    _ sheet: Sheet
  ) async throws -> RecordsV1.MarkRow {
    let found = try await district.marks.getMarkSheet(
      .init(name: sheet.name),
      options: sheet.teacher
    )
    return try #require(found.rows.first { $0.student == sheet.student })
  }

  private func request(
    _ sheet: Sheet,
    _ mark: RecordsV1.Mark,
    etag: String
  ) -> RecordsV1.EnterMarkRequest {
    .init(
      name: sheet.name,
      student: sheet.student,
      mark: mark,
      etag: etag,
      requestID: TestDistrict.requestID()
    )
  }

  @Test func `gives a sheet with its rows, averages and document`() async throws {
    try await TestDistrict.with { district in
      let sheet = try sheet(district)
      let found = try await district.marks.getMarkSheet(
        .init(name: sheet.name),
        options: sheet.teacher
      )
      #expect(found.subject == "ngoai-ngu-1")
      #expect(found.subjectDisplayName == "Tiếng Anh")
      #expect(found.term == 1)
      #expect(found.complete)
      #expect(found.rows.count == 42)
      #expect(found.rows.map(\.studentCode) == found.rows.map(\.studentCode).sorted())
      #expect(found.state == .unsigned)
      let row = try #require(found.rows.first)
      #expect(row.marks.map(\.ordinal) == [1, 2, 3, 4, 0, 0])
      #expect(row.marks.last?.slot == .endOfTerm)
      #expect(row.average?.value == .scoreTenths(80))
      #expect(row.etag == "1")
      let text = String(decoding: found.payload, as: UTF8.self)
      #expect(text.hasPrefix("<hb:Payload") && text.contains("<hb:Average>8.0</hb:Average>"))
      #expect(found.payloadDigest.count == 64)
      let again = try await district.marks.getMarkSheet(
        .init(name: sheet.name),
        options: sheet.teacher
      )
      #expect(again == found)
    }
  }

  @Test func `enters a mark, and needs the version of the row`() async throws {
    try await TestDistrict.with { district in
      let sheet = try sheet(district)
      let before = try await row(district, sheet)
      let mark = RecordsV1.Mark(slot: .regular, ordinal: 1, value: .scoreTenths(0))
      let first = request(sheet, mark, etag: before.etag)
      let after = try await district.marks.enterMark(first, options: sheet.teacher)
      #expect(after.marks.first == mark)
      #expect(after.etag == "2")
      #expect(after.average != before.average)

      // The same request id is answered the same, and the mark is entered once.
      #expect(try await district.marks.enterMark(first, options: sheet.teacher) == after)
      #expect(try await row(district, sheet) == after)

      for etag in [before.etag, "", "x"] {
        let late = request(sheet, mark, etag: etag)
        let refused = await reason {
          _ = try await district.marks.enterMark(late, options: sheet.teacher)
        }
        #expect(refused == "ETAG_MISMATCH")
      }
    }
  }

  @Test func `tells 0, absent and not entered apart`() async throws {
    try await TestDistrict.with { district in
      let sheet = try sheet(district)
      var etag = try await row(district, sheet).etag
      func enter(_ value: RecordsV1.Mark.Value?) async throws -> RecordsV1.MarkRow {
        let mark = RecordsV1.Mark(slot: .endOfTerm, value: value)
        let row = try await district.marks.enterMark(
          request(sheet, mark, etag: etag),
          options: sheet.teacher
        )
        etag = row.etag
        return row
      }
      let zero = try await enter(.scoreTenths(0))
      let missed = try await enter(.absence(.withoutReason))
      let pending = try await enter(.absence(.pendingMakeUp))
      let none = try await enter(nil)
      #expect(zero.average == missed.average && zero.average != nil)
      #expect(pending.average == nil && none.average == nil)
      #expect(zero.marks.last?.value == .scoreTenths(0))
      #expect(missed.marks.last?.value == .absence(.withoutReason))
      #expect(pending.marks.last?.value == .absence(.pendingMakeUp))
      #expect(none.marks.last?.slot == .midTerm)
      let found = try await district.marks.getMarkSheet(
        .init(name: sheet.name),
        options: sheet.teacher
      )
      #expect(!found.complete)
    }
  }

  @Test func `refuses marks that the law does not have`() async throws {
    try await TestDistrict.with { district in
      let sheet = try sheet(district)
      let etag = try await row(district, sheet).etag
      for mark in [
        RecordsV1.Mark(slot: .regular, ordinal: 5, value: .scoreTenths(80)),
        RecordsV1.Mark(slot: .midTerm, value: .scoreTenths(101)),
        RecordsV1.Mark(slot: .midTerm, value: .level("Đ")),
      ] {
        let refused = await reason {
          _ = try await district.marks.enterMark(
            request(sheet, mark, etag: etag),
            options: sheet.teacher
          )
        }
        #expect(refused == "MARK_INVALID")
      }
      #expect(try await row(district, sheet).etag == etag)
    }
  }

  @Test func `is stale after a change of what was signed, until it is signed anew`() async throws {
    try await TestDistrict.with { district in
      let sheet = try sheet(district)
      func read() async throws -> RecordsV1.MarkSheet {
        try await district.marks.getMarkSheet(.init(name: sheet.name), options: sheet.teacher)
      }
      let unsigned = try await read()
      try district.sign(unsigned)
      let signed = try await read()
      #expect(signed.state == .signed)
      #expect(signed.payload == unsigned.payload)

      let old = try await row(district, sheet)
      let mark = RecordsV1.Mark(slot: .midTerm, value: .scoreTenths(99))
      _ = try await district.marks.enterMark(
        request(sheet, mark, etag: old.etag),
        options: sheet.teacher
      )
      let stale = try await read()
      #expect(stale.state == .stale)
      #expect(String(decoding: stale.payload, as: UTF8.self).contains(signed.payloadDigest))

      try district.sign(stale, revision: 2)
      let renewed = try await read()
      #expect(renewed.state == .signed)
      #expect(renewed.payload == stale.payload)
    }
  }

  @Test func `shows a teacher the sheets that they sign, and class teachers all`() async throws {
    try await TestDistrict.with { district in
      let parent = try district.className("6A1")
      let here = TestDistrict.secondary
      let sheet = try sheet(district)
      let own = try await district.marks.listMarkSheets(
        .init(parent: parent),
        options: sheet.teacher
      )
      #expect(own.markSheets.map(\.subject) == ["ngoai-ngu-1", "ngoai-ngu-1"])
      #expect(own.markSheets.map(\.term) == [1, 2])

      let classTeacher = try district.call(
        .teacher,
        at: here,
        staff: try district.teacher(in: "6A1")
      )
      let all = try await district.marks.listMarkSheets(
        .init(parent: parent),
        options: classTeacher
      )
      #expect(all.markSheets.count == 24)
      #expect(all.markSheets.allSatisfy { $0.complete && $0.rows.isEmpty && $0.payload.isEmpty })

      let names = all.markSheets.map(\.name)
      let principal = try district.call(.principal, at: here)
      let batch = try await district.marks.batchGetMarkSheets(
        .init(parent: "schools/\(here)", names: names),
        options: principal
      )
      #expect(batch.markSheets.map(\.name) == names)
      #expect(batch.markSheets.allSatisfy { !$0.payload.isEmpty })
      let largest = try #require(batch.markSheets.map { $0.encoded().count }.max())
      #expect(largest * MarkSheetService.batchLimit < 4 * 1024 * 1024)
      let one = await reason {
        _ = try await district.marks.batchGetMarkSheets(
          .init(parent: "schools/\(here)", names: names),
          options: sheet.teacher
        )
      }
      #expect(one == "NOT_ALLOWED")
    }
  }

  @Test func `lets nobody but the subject's teacher enter marks`() async throws {
    try await TestDistrict.with { district in
      let sheet = try sheet(district)
      let mark = RecordsV1.Mark(slot: .midTerm, value: .scoreTenths(50))
      let math = try district.teacher(of: "toan", in: "6A1")
      for options in [
        try district.call(.principal, at: TestDistrict.secondary),
        try district.call(.officer, at: TestDistrict.district),
        try district.call(.teacher, at: TestDistrict.secondary, staff: math),
        try district.call(
          .teacher,
          at: TestDistrict.primary,
          staff: try district.teacher(of: "ngoai-ngu-1", in: "6A1")
        ),
      ] {
        let refused = await reason {
          _ = try await district.marks.enterMark(
            request(sheet, mark, etag: "1"),
            options: options
          )
        }
        #expect(refused == "NOT_ALLOWED")
      }
    }
  }
}
