import API
import GRPC
import ServiceKit
import TestSupport
import Testing

@testable import Records

@Suite("CatalogService")
struct CatalogServiceTests {
  private func catalog(_ district: TestDistrict) -> RecordsV1.CatalogServiceClient {
    RecordsV1.CatalogServiceClient(district.client)
  }

  @Test func `school years come newest first, with their terms`() async throws {
    try await TestDistrict.with { district in
      let teacher = try district.call(.teacher, at: TestDistrict.secondary)
      let years = try await catalog(district).listSchoolYears(.init(), options: teacher).schoolYears
      #expect(years.map(\.name) == years.map(\.name).sorted(by: >))
      let year = try #require(years.first { $0.name == "schoolYears/2022-2023" })
      #expect(year.startDate == "2022-09-05" && year.endDate == "2023-05-31")
    }
  }

  @Test(arguments: [
    (6, "cong-nghe", Int32(35), Int32(2)), (8, "cong-nghe", 52, 3), (6, "toan", 140, 4),
    (6, "gdtc", 70, 2), (1, "toan", 105, 0),
  ])
  func `a subject has the lessons and regular marks of its grade`(
    grade: Int32,
    code: String,
    lessons: Int32,
    regular: Int32
  ) async throws {
    try await TestDistrict.with { district in
      let teacher = try district.call(.teacher, at: TestDistrict.secondary)
      let subjects = try await catalog(district).listSubjects(
        .init(schoolYear: "2022-2023", grade: grade),
        options: teacher
      ).subjects
      let subject = try #require(subjects.first { $0.code == code })
      #expect(subject.lessonsPerYear == lessons)
      #expect(subject.regularMarkCount == regular)
      #expect(subject.kind == (grade < 6 ? .level : code == "gdtc" ? .comment : .scored))
    }
  }

  @Test(arguments: [("2022", Int32(6)), ("2022-2024", 6), ("2022-2023", 0), ("2022-2023", 10)])
  func `a year and a grade that are none are refused`(year: String, grade: Int32) async throws {
    try await TestDistrict.with { district in
      let teacher = try district.call(.teacher, at: TestDistrict.secondary)
      let refused = await reason {
        _ = try await catalog(district).listSubjects(
          .init(schoolYear: year, grade: grade),
          options: teacher
        )
      }
      #expect(refused == "FIELD_INVALID")
    }
  }

  @Test func `the office changes the roll-out, which is on record`() async throws {
    try await TestDistrict.with { district in
      let officer = try district.call(.officer, at: SampleOrganizations.ministry)
      let request = RecordsV1.UpdateRolloutRequest(
        rollout: .init(name: "rollouts/2022-2023", grades: [1, 2, 6]),
        requestID: TestDistrict.requestID()
      )
      let audited = try #require(try district.count("audit"))
      #expect(
        try await catalog(district).updateRollout(request, options: officer) == request.rollout
      )
      #expect(
        try await catalog(district).updateRollout(request, options: officer) == request.rollout
      )
      #expect(try district.count("audit") == audited + 1)
      let rollouts = try await catalog(district).listRollouts(.init(), options: officer).rollouts
      #expect(rollouts.first == request.rollout)
      #expect(rollouts.map(\.name) == rollouts.map(\.name).sorted())
    }
  }

  @Test func `a roll-out that is none, or not the office's, is refused`() async throws {
    try await TestDistrict.with { district in
      let before = try district.everything()
      let officer = try district.call(.officer, at: SampleOrganizations.ministry)
      let bad: [RecordsV1.Rollout] = [
        .init(name: "rollouts/2022", grades: [1]), .init(name: "2022-2023", grades: [1]),
        .init(name: "rollouts/2999-3000", grades: [1]), .init(name: "rollouts/1999-2000"),
        .init(name: "rollouts/2022-2023", grades: [0]),
        .init(name: "rollouts/2022-2023", grades: [6, 1]),
        .init(name: "rollouts/2022-2023", grades: [1, 1]),
      ]
      for rollout in bad {
        let refused = await reason {
          _ = try await catalog(district).updateRollout(
            .init(rollout: rollout, requestID: TestDistrict.requestID()),
            options: officer
          )
        }
        #expect(refused == "FIELD_INVALID", "\(rollout)")
      }
      let others = [
        try district.call(.principal, at: TestDistrict.secondary),
        try district.call(.officer, at: TestDistrict.district),
      ]
      for other in others {
        let refused = await reason {
          _ = try await catalog(district).updateRollout(
            .init(rollout: .init(name: "rollouts/2022-2023"), requestID: TestDistrict.requestID()),
            options: other
          )
        }
        #expect(refused == "NOT_ALLOWED")
      }
      #expect(try district.everything() == before)
    }
  }
}
