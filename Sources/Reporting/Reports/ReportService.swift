import API
import Postgres
import Roster
import ServiceKit

/// Progress and results in numbers, without any pupil's name: `hocba.reporting.v1.ReportService`.
struct ReportService: ReportingV1.ReportServiceProvider {
  let kit: Kit

  /// `rpc GetProgress`.
  func getProgress(
    _ request: ReportingV1.GetProgressRequest,
    _ call: Call
  ) async throws -> ReportingV1.Progress {
    let scope = try await scope(request.parent, request.schoolYear, request.grouping, call)
    let classes = try await call.read(scope.grant) { transaction in
      let classes = try await transaction.classes(below: scope.organization, in: scope.schoolYear)
      let marks = try await transaction.markCounts(of: classes)
      let documents = try await transaction.documentCounts(of: classes, in: scope.schoolYear)
      return classes.map { schoolClass in
        ClassProgress(
          schoolClass,
          marks[schoolClass.id] ?? [],
          documents[schoolClass.id] ?? .none
        )
      }
    }
    let rows = scope.grouping.rows(of: classes, by: \.schoolClass) { group, classes in
      ReportingV1.ProgressRow(group, classes)
    }
    return ReportingV1.Progress(rows: rows, total: .init(ReportingV1.Group(), classes))
  }

  /// `rpc GetDistribution`.
  func getDistribution(
    _ request: ReportingV1.GetDistributionRequest,
    _ call: Call
  ) async throws -> ReportingV1.Distribution {
    let scope = try await scope(request.parent, request.schoolYear, request.grouping, call)
    let classes = try await call.read(scope.grant) { transaction in
      let classes = try await transaction.classes(below: scope.organization, in: scope.schoolYear)
      let results = try await transaction.resultCounts(of: classes, in: scope.schoolYear)
      return classes.map { ClassResults(schoolClass: $0, results: results[$0.id] ?? []) }
    }
    let rows = scope.grouping.rows(of: classes, by: \.schoolClass) { group, classes in
      ReportingV1.DistributionRow(group, classes)
    }
    return ReportingV1.Distribution(rows: rows, total: .init(ReportingV1.Group(), classes))
  }

  /// What both reports are about, once the caller may see it.
  private func scope(
    _ parent: String,
    _ schoolYear: String,
    _ grouping: ReportingV1.Grouping,
    _ call: Call
  ) async throws -> Scope {
    let organization = try call.id(of: parent, in: "organizations", field: "parent")
    let grant = try await call.authorize(on: organization)
    guard let year = SchoolYear(schoolYear) else {
      throw Problem.invalid("school_year", "phải có dạng 2022-2023")
    }
    guard let grouping = Grouping(grouping) else {
      throw Problem.invalid("grouping", "phải là SCHOOL, GRADE hoặc CLASS")
    }
    return Scope(grant: grant, organization: organization, schoolYear: year, grouping: grouping)
  }
}

/// A report that may be made.
private struct Scope: Sendable {
  let grant: Grant
  let organization: OrganizationID
  let schoolYear: SchoolYear
  let grouping: Grouping
}
