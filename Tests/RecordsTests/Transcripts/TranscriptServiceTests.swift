import API
import GRPC
import Protobuf
import ServiceKit
import TestSupport
import Testing

@testable import Records

@Suite("TranscriptService")
struct TranscriptServiceTests {
  private func stream(
    _ district: TestDistrict,
    _ display: String,
    _ options: CallOptions
  ) async throws -> [RecordsV1.Transcript] {
    var found: [RecordsV1.Transcript] = []
    let request = RecordsV1.StreamTranscriptsRequest(parent: try district.className(display))
    for try await transcript in district.transcripts.streamTranscripts(request, options: options) {
      found.append(transcript)
    }
    return found
  }

  /// Enters all sheets of a class as signed.
  private func sign(_ display: String, in district: TestDistrict, at school: String) async throws {
    let principal = try district.call(.principal, at: school)
    let list = try await district.marks.listMarkSheets(
      .init(parent: try district.className(display)),
      options: principal
    )
    let sheets = try await district.marks.batchGetMarkSheets(
      .init(parent: "schools/\(school)", names: list.markSheets.map(\.name)),
      options: principal
    )
    for sheet in sheets.markSheets { try district.sign(sheet) }
  }

  @Test func `names what is missing, and has no document before`() async throws {
    try await TestDistrict.with { district in
      let principal = try district.call(.principal, at: TestDistrict.secondary)
      try district.database.run(
        """
        DELETE FROM records.conduct WHERE term = 1;
        UPDATE records.staff SET position = 'Giáo viên';
        """
      )
      let found = try await stream(district, "6A1", principal)
      #expect(found.count == 42)
      for transcript in found {
        #expect(transcript.payload.isEmpty && transcript.payloadDigest.isEmpty)
        #expect(transcript.openItems.count { $0.reason == "MARK_SHEET_UNSIGNED" } == 24)
        let result = try #require(transcript.openItems.first)
        #expect(result.reason == "RESULT_INCOMPLETE")
        #expect(result.description.contains("rèn luyện học kì I"))
        #expect(result.description.contains("hiệu trưởng"))
        #expect(result.resource == transcript.name)
      }
    }
  }

  @Test(arguments: [
    ("6A1", TestDistrict.secondary), ("1/1", TestDistrict.primary),
  ])
  func `has a document once all mark sheets are signed`(
    display: String,
    school: String
  ) async throws {
    try await TestDistrict.with { district in
      try await sign(display, in: district, at: school)
      let principal = try district.call(.principal, at: school)
      let found = try await stream(district, display, principal)
      #expect(
        found.map(\.result?.studentCode)
          == found.map(\.result?.studentCode).sorted { $0 ?? "" < $1 ?? "" }
      )
      for transcript in found {
        #expect(transcript.openItems.isEmpty)
        let text = String(decoding: transcript.payload, as: UTF8.self)
        #expect(text.hasPrefix("<hb:Payload"))
        #expect(text.contains("Phòng Giáo dục và Đào tạo Thuận An"))
        #expect(text.contains("Sở Giáo dục và Đào tạo Bình Dương"))
        #expect(text.contains(#"<hb:SignedMarkSheet digest="#))
      }
      #expect(Set(found.map(\.payloadDigest)).count == found.count)
      #expect(try await stream(district, display, principal) == found)

      let names = Array(found.map(\.name).reversed())
      let batch = try await district.transcripts.batchGetTranscripts(
        .init(parent: "schools/\(school)", names: names),
        options: principal
      )
      #expect(batch.transcripts == found.reversed())
      let largest = try #require(found.map { $0.encoded().count }.max())
      #expect(largest * TranscriptService.batchLimit < 4 * 1024 * 1024)
    }
  }

  @Test func `loses its document when a mark changes after signing`() async throws {
    try await TestDistrict.with { district in
      try await sign("6A1", in: district, at: TestDistrict.secondary)
      let student = try district.studentName(code: "7400100161")
      let sheet = try district.className("6A1") + "/markSheets/toan-hk2"
      let staff = try district.teacher(of: "toan", in: "6A1")
      _ = try await district.marks.enterMark(
        .init(
          name: sheet,
          student: student,
          mark: .init(slot: .midTerm, value: .scoreTenths(1)),
          etag: "1",
          requestID: TestDistrict.requestID()
        ),
        options: try district.call(.teacher, at: TestDistrict.secondary, staff: staff)
      )
      // The sheet is one document for the class, so that it is stale for a classmate too.
      let transcript = try await district.transcripts.getTranscript(
        .init(name: try district.studentName(code: "7400100162") + "/transcripts/2022-2023"),
        options: try district.call(.principal, at: TestDistrict.secondary)
      )
      #expect(transcript.openItems.map(\.reason) == ["MARK_SHEET_STALE"])
      #expect(transcript.openItems.first?.resource == sheet)
      #expect(transcript.payload.isEmpty)
    }
  }

  @Test func `leaves each reading in the audit trail, and none in the change feed`() async throws {
    try await TestDistrict.with { district in
      let name = try district.studentName(code: "7400100161") + "/transcripts/2022-2023"
      _ = try await district.transcripts.getTranscript(
        .init(name: name),
        options: try district.call(.principal, at: TestDistrict.secondary)
      )
      let audited = try district.database.run(
        "SELECT resource FROM records.audit WHERE method LIKE '%/GetTranscript'"
      )
      #expect(audited == [name])
      let changed = try district.database.run(
        "SELECT count(*) FROM records.change WHERE resource = '\(name)'"
      )
      #expect(changed == ["0"])
    }
  }

  @Test func `is refused where the roll-out does not cover the grade`() async throws {
    try await TestDistrict.with { district in
      let principal = try district.call(.principal, at: TestDistrict.primary)
      let refused = await reason { _ = try await stream(district, "2/1", principal) }
      #expect(refused == "GRADE_NOT_ROLLED_OUT")
    }
  }

  @Test func `is for the school, its class teacher and the offices only`() async throws {
    try await TestDistrict.with { district in
      let student = try district.studentName(code: "7400100161")
      func reading(_ name: String, _ options: CallOptions) async -> String? {
        await reason {
          _ = try await district.transcripts.getTranscript(.init(name: name), options: options)
        }
      }
      let name = "\(student)/transcripts/2022-2023"
      let here = TestDistrict.secondary
      let own = try district.call(.teacher, at: here, staff: try district.teacher(in: "6A1"))
      let other = try district.call(.teacher, at: here, staff: try district.teacher(in: "6A2"))
      let stranger = try district.call(.principal, at: TestDistrict.primary)
      #expect(await reading(name, own) == nil)
      #expect(await reading(name, try district.call(.inspector, at: TestDistrict.district)) == nil)
      #expect(await reading(name, other) == "NOT_ALLOWED")
      #expect(await reading(name, stranger) == "NOT_ALLOWED")
      // Absent and forbidden look alike.
      let absent = "schools/\(here)/students/\(TestDistrict.requestID())/transcripts/2022-2023"
      #expect(await reading(absent, stranger) == "NOT_ALLOWED")
      #expect(await reading(absent, own) == "NOT_ALLOWED")
      #expect(await reading("\(student)/transcripts/2021-2022", own) == "NOT_ALLOWED")
    }
  }
}
