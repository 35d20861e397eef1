import API
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Reporting

@Suite("ReportService")
struct ReportServiceTests {
  private static let district = "organizations/\(SampleOrganizations.district)"

  /// Two schools of one district with a class each, and one of another district.
  ///
  /// 1/1 has two pupils and one who left; 6A1 has two pupils. Of 6A1 all marks of tin-hoc are
  /// there, one mark of toan is missing, its tin-hoc sheets are signed, and one pupil's transcript
  /// is issued after an older revision that was signed by the class teacher only.
  private static let script = """
    INSERT INTO records.staff
      SELECT s::uuid, 'GV1', 'Cô', NULL, 'female', '', 'Giáo viên', ''
        FROM unnest(ARRAY['\(SampleOrganizations.primary)', '\(SampleOrganizations.secondary)',
                          '\(SampleOrganizations.otherSecondary)']) s;
    INSERT INTO records.class VALUES
      ('\(SampleOrganizations.primary)', '\(id(11))', '2022-2023', '1/1', 1, 'GV1'),
      ('\(SampleOrganizations.secondary)', '\(id(61))', '2022-2023', '6A1', 6, 'GV1'),
      ('\(SampleOrganizations.secondary)', '\(id(71))', '2022-2023', '7A1', 7, 'GV1'),
      ('\(SampleOrganizations.otherSecondary)', '\(id(62))', '2022-2023', '6B', 6, 'GV1');
    INSERT INTO records.student
      SELECT v.school::uuid, v.id::uuid, v.code, 'Trò', '2011-01-01', 'male', '', '', '', '', '', '',
             v.status
        FROM (VALUES ('\(SampleOrganizations.primary)', '\(id(101))', '101', 'studying'),
                     ('\(SampleOrganizations.primary)', '\(id(102))', '102', 'studying'),
                     ('\(SampleOrganizations.primary)', '\(id(103))', '103', 'dropped-out'),
                     ('\(SampleOrganizations.secondary)', '\(id(601))', '601', 'studying'),
                     ('\(SampleOrganizations.secondary)', '\(id(602))', '602', 'studying'))
             v (school, id, code, status);
    INSERT INTO records.enrolment
      SELECT school_id, id, '2022-2023',
             (CASE WHEN code < '200' THEN '\(id(11))' ELSE '\(id(61))' END)::uuid
        FROM records.student;
    INSERT INTO records.assignment VALUES
      ('\(SampleOrganizations.primary)', '\(id(11))', 'dao-duc', 'Đạo đức', 'GV1'),
      ('\(SampleOrganizations.secondary)', '\(id(61))', 'toan', 'Toán', 'GV1'),
      ('\(SampleOrganizations.secondary)', '\(id(61))', 'tin-hoc', 'Tin học', 'GV1');
    INSERT INTO records.mark_row
      SELECT e.school_id, e.class_id, a.subject, t, e.student_id, '', 1
        FROM records.enrolment e JOIN records.assignment a USING (school_id, class_id),
             generate_series(1, 2) t;
    INSERT INTO records.mark
      SELECT school_id, class_id, subject, term, student_id, slot, ordinal, 80, NULL, NULL
        FROM records.mark_row
        CROSS JOIN (VALUES ('REGULAR', 1), ('REGULAR', 2), ('REGULAR', 3), ('REGULAR', 4),
                           ('MID_TERM', 0), ('END_OF_TERM', 0)) v (slot, ordinal)
       WHERE subject = 'toan' OR (subject = 'tin-hoc' AND ordinal < 3);
    DELETE FROM records.mark WHERE subject = 'toan' AND term = 2 AND slot = 'END_OF_TERM'
       AND student_id = '\(id(602))';
    INSERT INTO records.result VALUES
      ('\(SampleOrganizations.secondary)', '\(id(601))', '2022-2023', '\(id(61))', 'tt22-2021/1',
       'T', 'T', true, 'Học sinh Giỏi'),
      ('\(SampleOrganizations.secondary)', '\(id(602))', '2022-2023', '\(id(61))', 'tt22-2021/1',
       NULL, 'K', NULL, NULL);
    \(document(1, "sheet-1", "MARK_SHEET", revision: 1, steps: 1))
    \(document(2, "sheet-2", "MARK_SHEET", revision: 1, steps: 1))
    \(document(3, "sheet-3", "MARK_SHEET", revision: 1, steps: 0))
    \(document(4, "transcript-601", "TRANSCRIPT", revision: 1, steps: 1))
    \(document(5, "transcript-601", "TRANSCRIPT", revision: 2, steps: 3))
    \(document(6, "transcript-602", "TRANSCRIPT", revision: 1, steps: 2))
    """

  private static func id(_ number: Int) -> String {
    let digits = String(number)
    return "00000000-0000-7000-9000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  private static func document(
    _ number: Int,
    _ source: String,
    _ kind: String,
    revision: Int,
    steps: Int
  ) -> String {
    let isSheet = kind == "MARK_SHEET"
    let subject = isSheet ? "'tin-hoc', 1, NULL" : "NULL, NULL, '\(id(601))'"
    let document = """
      INSERT INTO signing.document VALUES
        ('\(SampleOrganizations.secondary)', '\(id(900 + number))', '\(source)', '\(kind)',
         \(revision), '\(isSheet ? "bang-diem/1" : "hoc-ba/1")', '2022-2023', '\(id(61))',
         \(subject), '');
      """
    guard steps > 0 else { return document }
    return document + """
      INSERT INTO signing.signed_file
        SELECT '\(SampleOrganizations.secondary)', '\(id(900 + number))', step, 'role', 'Cô',
               '\(id(1))', '\(id(2))', now(), '', '' FROM generate_series(1, \(steps)) step;
      """
  }

  /// Runs a test against the service over the classes above.
  private func with(
    _ body: (ReportingV1.ReportServiceClient, TestTokens) async throws -> Void
  ) async throws {
    try await TestDatabase.with { database in
      try database.run(Self.script)
      let tokens = try TestTokens(in: database)
      let service = try await TestService("reporting", over: database) { kit in
        ReportService(kit: kit).handlers(kit)
      }
      try await service.run {
        try await body(ReportingV1.ReportServiceClient(service.client), tokens)
      }
    }
  }

  private func progress(
    of unit: String = Self.district,
    by grouping: ReportingV1.Grouping = .class
  ) -> ReportingV1.GetProgressRequest {
    .init(parent: unit, schoolYear: "2022-2023", grouping: grouping)
  }

  @Test func `counts marks and signatures of each class below an office, in order`() async throws {
    try await with { reports, tokens in
      let officer = try tokens.call(.officer, at: SampleOrganizations.district)
      let answer = try await reports.getProgress(progress(), options: officer)
      #expect(answer.rows.map { $0.group?.classDisplayName } == ["1/1", "6A1", "7A1"])
      let primary = try #require(answer.rows.first)
      #expect(primary.group?.schoolCode == "74725101")
      #expect(primary.studentCount == 2)
      #expect(primary.requiredMarkCount == 2 * 4)
      #expect(primary.enteredMarkCount == 0)
      #expect(primary.transcriptCount == 2)

      let secondary = answer.rows[1]
      #expect(secondary.requiredMarkCount == 2 * (12 + 8))
      #expect(secondary.enteredMarkCount == 2 * (12 + 8) - 1)
      #expect(secondary.markSheetCount == 4)
      #expect(secondary.signedMarkSheetCount == 2)
      #expect(secondary.transcriptCount == 2)
      #expect(secondary.classTeacherSignedCount == 2)
      #expect(secondary.principalSignedCount == 2)
      #expect(secondary.issuedCount == 1)
      #expect(answer.rows[2].transcriptCount == 0)
      #expect(answer.total?.studentCount == 4)
      #expect(answer.total?.group == ReportingV1.Group())
    }
  }

  @Test func `adds up grades and schools`() async throws {
    try await with { reports, tokens in
      let officer = try tokens.call(.officer, at: SampleOrganizations.district)
      let grades = try await reports.getProgress(progress(by: .grade), options: officer)
      #expect(grades.rows.map { $0.group?.grade } == [1, 6, 7])
      let schools = try await reports.getProgress(progress(by: .unspecified), options: officer)
      #expect(schools.rows.map { $0.group?.schoolCode } == ["74725101", "74725501"])
      #expect(schools.rows.map(\.studentCount) == [2, 2])
      #expect(schools.rows.map { $0.group?.grade } == [0, 0])
      #expect(schools.total == grades.total)
    }
  }

  @Test func `counts results by level, and who has none yet`() async throws {
    try await with { reports, tokens in
      let answer = try await reports.getDistribution(
        .init(parent: Self.district, schoolYear: "2022-2023", grouping: .school),
        options: try tokens.call(.inspector, at: SampleOrganizations.province)
      )
      let row = try #require(answer.rows.last)
      #expect(row.studentCount == 2)
      #expect(row.incompleteCount == 1)
      #expect(row.results == [.init(level: "T", count: 1)])
      #expect(row.conduct == [.init(level: "T", count: 1), .init(level: "K", count: 1)])
      #expect(row.promotedCount == 1)
      #expect(row.awards == [.init(level: "Học sinh Giỏi", count: 1)])
      #expect(answer.total?.incompleteCount == 3)
    }
  }

  @Test func `shows a school its own numbers and nobody else's`() async throws {
    try await with { reports, tokens in
      let school = "organizations/\(SampleOrganizations.secondary)"
      let principal = try tokens.call(.principal, at: SampleOrganizations.secondary)
      let own = try await reports.getProgress(progress(of: school), options: principal)
      #expect(own.rows.count == 2)
      #expect(
        await reason { _ = try await reports.getProgress(progress(), options: principal) }
          == "NOT_ALLOWED"
      )
      let stranger = try tokens.call(.officer, at: SampleOrganizations.otherDistrict)
      #expect(
        await reason { _ = try await reports.getProgress(progress(), options: stranger) }
          == "NOT_ALLOWED"
      )
      let teacher = try tokens.call(.teacher, at: SampleOrganizations.secondary, staff: "GV1")
      #expect(
        await reason { _ = try await reports.getProgress(progress(of: school), options: teacher) }
          == "NOT_ALLOWED"
      )
    }
  }

  @Test func `refuses a year and a grouping that are none`() async throws {
    try await with { reports, tokens in
      let officer = try tokens.call(.officer, at: SampleOrganizations.district)
      var request = progress()
      request.schoolYear = "2022"
      let badYear = try await refusal { try await reports.getProgress(request, options: officer) }
      #expect(badYear?.fields == ["school_year"])
      let other = progress(by: .init(rawValue: 9))
      let badGroup = try await refusal { try await reports.getProgress(other, options: officer) }
      #expect(badGroup?.fields == ["grouping"])
    }
  }
}
