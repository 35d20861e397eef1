import API
import Protobuf
import Roster
import ServiceKit

/// The data that the law fixes: `hocba.records.v1.CatalogService`.
struct CatalogService: RecordsV1.CatalogServiceProvider {
  let kit: Kit

  /// `rpc ListSchoolYears`.
  func listSchoolYears(
    _ request: RecordsV1.ListSchoolYearsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListSchoolYearsResponse {
    let years = try await call.schoolYears(try call.authorizeAnywhere())
    return RecordsV1.ListSchoolYearsResponse(
      schoolYears: years.map { year in
        RecordsV1.SchoolYear(
          name: "schoolYears/\(year.name)",
          startDate: year.startDate,
          secondTermDate: year.secondTermDate,
          endDate: year.endDate
        )
      }
    )
  }

  /// `rpc ListSubjects`.
  func listSubjects(
    _ request: RecordsV1.ListSubjectsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListSubjectsResponse {
    _ = try call.authorizeAnywhere()
    let year = try SchoolYear(requested: request.schoolYear)
    guard let grade = Grade(rawValue: Int(request.grade)) else {
      throw Problem.invalid("grade", "từ 1 đến 9")
    }
    let catalogue = SubjectCatalogue.curriculum2018
    let subjects = year < catalogue.validFrom ? [] : catalogue.subjects(in: grade)
    return RecordsV1.ListSubjectsResponse(
      subjects: subjects.compactMap { RecordsV1.Subject($0, in: grade) }
    )
  }

  /// `rpc ListRollouts`.
  func listRollouts(
    _ request: RecordsV1.ListRolloutsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListRolloutsResponse {
    let rollouts = try await call.rollouts(try call.authorizeAnywhere())
    return RecordsV1.ListRolloutsResponse(rollouts: rollouts.map(RecordsV1.Rollout.init))
  }

  /// `rpc UpdateRollout`.
  func updateRollout(
    _ request: RecordsV1.UpdateRolloutRequest,
    _ call: Call
  ) async throws -> RecordsV1.Rollout {
    // The roll-out holds for the whole installation, so the right over one district is not enough.
    let own = try call.caller.roles.first?.organization ?? ""
    let grant = try await call.authorize(on: try await kit.path(of: own).last ?? "")
    let new = try Rollout(request.rollout ?? RecordsV1.Rollout())
    return try await call.write(grant, request.requestID, request) { write in
      guard try await write.transaction.hasSchoolYear(new.schoolYear) else {
        throw Problem.invalid("rollout.name", "năm học không có trong danh mục")
      }
      let old = try await write.transaction.rollout(of: new.schoolYear)
      if old?.grades != new.grades {
        try await write.transaction.store(new)
        write.note(
          RecordsV1.Rollout(new).name,
          before: old.map { RecordsV1.Rollout($0).encoded() } ?? [],
          after: RecordsV1.Rollout(new).encoded()
        )
      }
      return RecordsV1.Rollout(new)
    }
  }
}

/// The grades with electronic transcripts in a school year (*lộ trình*).
struct Rollout: Sendable {
  let schoolYear: String
  /// Ascending.
  let grades: [Int]
}

extension Rollout {
  /// Reads a roll-out out of a request.
  fileprivate init(_ message: RecordsV1.Rollout) throws(Problem) {
    guard let year = ResourceName.parts(of: message.name, ["rollouts"])?.first,
      SchoolYear(year) != nil
    else { throw .invalid("rollout.name", "phải có dạng rollouts/2022-2023") }
    let grades = message.grades.map(Int.init)
    let isAscending = zip(grades, grades.dropFirst()).allSatisfy(<)
    guard isAscending, grades.allSatisfy({ Grade(rawValue: $0) != nil }) else {
      throw .invalid("rollout.grades", "từ 1 đến 9, tăng dần, không lặp lại")
    }
    self.init(schoolYear: year, grades: grades)
  }
}

extension RecordsV1.Rollout {
  fileprivate init(_ rollout: Rollout) {
    self.init(
      name: "rollouts/\(rollout.schoolYear)",
      grades: rollout.grades.map { Int32(clamping: $0) }
    )
  }
}

extension RecordsV1.Subject {
  /// A subject as a grade has it; `nil` where it has not.
  fileprivate init?(_ subject: Subject, in grade: Grade) {
    guard let offering = subject.offerings[grade] else { return nil }
    self.init(
      code: subject.code.rawValue,
      displayName: subject.name,
      kind: RecordsV1.SubjectKind(subject.kind),
      lessonsPerYear: Int32(clamping: offering.lessonsPerYear),
      elective: offering.isElective,
      regularMarkCount: Int32(clamping: subject.requiredRegularMarks(in: grade))
    )
  }
}

extension RecordsV1.SubjectKind {
  fileprivate init(_ kind: AssessmentKind) {
    switch kind {
    case .scored: self = .scored
    case .comment: self = .comment
    case .level: self = .level
    }
  }
}
