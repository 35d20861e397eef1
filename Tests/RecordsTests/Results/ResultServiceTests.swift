import API
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Records

@Suite("ResultService")
struct ResultServiceTests {
  static let year = "2022-2023"

  @Test func `streams exactly what the law makes of the sample district`() async throws {
    let expected = try Expected.read()
    try await TestDistrict.with { district in
      var seen = 0
      for school in [TestDistrict.primary, TestDistrict.secondary] {
        let stream = district.results.streamResults(
          .init(parent: "schools/\(school)", schoolYear: Self.year),
          options: try district.call(.inspector, at: TestDistrict.province)
        )
        for try await result in stream {
          seen += 1
          let pupil = try #require(expected.students[result.studentCode])
          #expect(result.studentDisplayName == pupil.name)
          #expect(result.schoolCode == pupil.school)
          #expect(result.classDisplayName == pupil.cls)
          #expect(result.grade == Int32(pupil.grade))
          if let found = result.primary { expect(found, pupil.year, result.studentCode) }
          if let found = result.lowerSecondary { expect(found, pupil, result.studentCode) }
          #expect((result.primary == nil) != (result.lowerSecondary == nil))
        }
      }
      #expect(seen == expected.students.count)
      #expect(seen == 241)
    }
  }

  private func expect(
    _ found: RecordsV1.PrimaryResult,
    _ year: Expected.Period,
    _ code: String
  ) {
    #expect(map(found.levels) == year.levels, "\(code)")
    #expect(map(found.tests) == year.exams?.mapValues { Int32($0 * 10) }, "\(code)")
    #expect(map(found.traits) == year.traits, "\(code)")
    #expect(found.result == year.result, "\(code)")
  }

  private func expect(
    _ found: RecordsV1.LowerSecondaryResult,
    _ pupil: Expected.Student,
    _ code: String
  ) {
    expect(found.firstTerm, pupil.terms?["I"], code)
    expect(found.secondTerm, pupil.terms?["II"], code)
    expect(found.year, pupil.year, code)
    #expect(Int(found.absenceCount) == pupil.year.absences, "\(code)")
    #expect(found.award == pupil.year.award ?? "", "\(code)")
    #expect((found.promotion == .promoted) == pupil.year.promoted, "\(code)")
    #expect((found.promotion == .retained) == (pupil.year.promoted == false), "\(code)")
    #expect(found.promotionBasis == "khoản 1 Điều 12 Thông tư 22/2021/TT-BGDĐT")
  }

  private func expect(
    _ found: RecordsV1.LowerSecondaryPeriod?,
    _ expected: Expected.Period?,
    _ code: String
  ) {
    let averages = (found?.averages).map { map($0).mapValues { "\($0 / 10).\($0 % 10)" } }
    #expect(averages == expected?.averages, "\(code)")
    #expect((found?.levels).map(map) == expected?.comments, "\(code)")
    #expect(found?.conduct == expected?.conduct, "\(code)")
    #expect(found?.academic == expected?.academic, "\(code)")
    #expect(found?.adjusted == expected?.adjusted, "\(code)")
  }

  private func map(_ levels: [RecordsV1.SubjectLevel]) -> [String: String] {
    Dictionary(levels.map { ($0.subject, $0.level) }) { $1 }
  }

  private func map(_ averages: [RecordsV1.SubjectAverage]) -> [String: Int32] {
    Dictionary(averages.map { ($0.subject, $0.tenths) }) { $1 }
  }

  @Test func `streams a class in the order of codes, under its rule set`() async throws {
    try await TestDistrict.with { district in
      let stream = district.results.streamResults(
        .init(parent: try district.className("6A1"), schoolYear: Self.year),
        options: try district.call(.principal, at: TestDistrict.secondary)
      )
      var codes: [String] = []
      for try await result in stream {
        codes.append(result.studentCode)
        #expect(result.ruleSet == "tt22-2021/1")
      }
      #expect(codes.count == 42)
      #expect(codes == codes.sorted())
    }
  }

  @Test func `leaves out what cannot be known yet`() async throws {
    try await TestDistrict.with { district in
      try district.database.run(
        """
        DELETE FROM records.mark WHERE subject = 'toan' AND term = 2 AND slot = 'MID_TERM'
        """
      )
      let stream = district.results.streamResults(
        .init(parent: try district.className("6A1"), schoolYear: Self.year),
        options: try district.call(.system, at: TestDistrict.district)
      )
      for try await result in stream {
        let found = try #require(result.lowerSecondary)
        #expect(found.firstTerm?.academic.isEmpty == false)
        #expect(found.secondTerm?.academic == "")
        #expect(found.secondTerm?.averages.contains { $0.subject == "toan" } == false)
        #expect(found.year?.academic == "")
        #expect(found.promotion == .unspecified)
        #expect(found.award == "")
      }
    }
  }

  @Test func `stores results once, and again only what has changed`() async throws {
    try await TestDistrict.with { district in
      let parent = try district.className("6A1")
      let clerk = try district.call(.clerk, at: TestDistrict.secondary)
      let first = RecordsV1.ComputeResultsRequest(
        parent: parent,
        requestID: TestDistrict.requestID()
      )
      let answer = try await district.results.computeResults(first, options: clerk)
      #expect(answer == .init(completeCount: 42, incompleteCount: 0))
      #expect(try changes(in: district) == 42)
      #expect(try await district.results.computeResults(first, options: clerk) == answer)

      _ = try await district.results.computeResults(
        .init(parent: parent, requestID: TestDistrict.requestID()),
        options: clerk
      )
      #expect(try changes(in: district) == 42)

      let stored = try district.database.run(
        """
        SELECT level, conduct, promoted, award FROM records.result r
          JOIN records.student s ON s.id = r.student_id WHERE s.code = '7400100161'
        """
      )
      #expect(stored == ["K|T|t|"])
    }
  }

  private func changes(in district: TestDistrict) throws -> Int? {
    try district.database.run(
      "SELECT count(*) FROM records.audit WHERE method LIKE '%ComputeResults'"
    ).first.flatMap { Int($0) }
  }

  @Test func `is closed to other schools, and to class teachers of other classes`() async throws {
    try await TestDistrict.with { district in
      let parent = try district.className("6A1")
      func reading(_ options: CallOptions) async -> String? {
        await reason {
          let request = RecordsV1.StreamResultsRequest(parent: parent, schoolYear: Self.year)
          for try await _ in district.results.streamResults(request, options: options) {}
        }
      }
      let teacher = try district.teacher(in: "6A1")
      let other = try district.teacher(in: "6A2")
      let here = TestDistrict.secondary
      #expect(await reading(try district.call(.teacher, at: here, staff: teacher)) == nil)
      #expect(
        await reading(try district.call(.teacher, at: here, staff: other)) == "NOT_ALLOWED"
      )
      let elsewhere = try district.call(.principal, at: TestDistrict.primary, staff: teacher)
      #expect(await reading(elsewhere) == "NOT_ALLOWED")
      #expect(await reading(CallOptions()) == "TOKEN_INVALID")
    }
  }
}
