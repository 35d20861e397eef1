import API
import GRPC
import Roster
import ServiceKit

/// What the circulars make of the marks: `hocba.records.v1.ResultService`.
struct ResultService: RecordsV1.ResultServiceProvider {
  let kit: Kit

  /// `rpc ComputeResults`.
  func computeResults(
    _ request: RecordsV1.ComputeResultsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ComputeResultsResponse {
    let name = try call.className(request.parent, field: "parent")
    let relations = try await call.relations(to: name)
    let grant = try await call.authorize(on: name.school, relations: relations.toClass)
    return try await call.write(grant, request.requestID, request) { write in
      guard let record = try await write.transaction.classRecord(name) else {
        throw Problem.notAllowed
      }
      let evaluations = record.students.map { (student: $0, year: record.evaluate($0)) }
      if let ruleSet = record.ruleSet {
        let results = evaluations.compactMap { student, year in
          year.map { StoredResult(student: student.id, ruleSet: ruleSet, $0) }
        }
        try await store(results, of: record.head, write)
      }
      let completeCount = evaluations.count { $0.year?.isComplete ?? false }
      return RecordsV1.ComputeResultsResponse(
        completeCount: Int32(completeCount),
        incompleteCount: Int32(evaluations.count - completeCount)
      )
    }
  }

  /// `rpc StreamResults`: class by class, so that no more than one is in memory.
  func streamResults(
    _ request: RecordsV1.StreamResultsRequest,
    _ call: Call,
    _ responses: ResponseWriter<RecordsV1.StudentResult>
  ) async throws {
    let (grant, school, classes) = try await open(request, call)
    let year = try SchoolYear(requested: request.schoolYear)
    let schoolCode = try await kit.database.organization(school)?.code ?? ""
    for name in classes {
      try Task.checkCancellation()
      let record = try await call.read(grant) { try await $0.classRecord(name) }
      guard let record, record.head.schoolYear == year else { continue }
      let names = record.students.map { StudentName(school: school, id: $0.id).text }
      try await call.auditReading(grant, names)
      for student in record.students {
        let year = record.evaluate(student)
        try await responses.write(record.result(of: student, year, schoolCode: schoolCode))
      }
    }
  }

  /// Which classes a request for a school or a class is about.
  private func open(
    _ request: RecordsV1.StreamResultsRequest,
    _ call: Call
  ) async throws -> (Grant, OrganizationID, [ClassName]) {
    if request.parent.contains("/classes/") {
      let name = try call.className(request.parent, field: "parent")
      let relations = try await call.relations(to: name)
      let grant = try await call.authorize(on: name.school, relations: relations.toClass)
      return (grant, name.school, [name])
    }
    let school = try call.id(of: request.parent, in: "schools", field: "parent")
    let grant = try await call.authorize(on: school)
    let classes = try await call.read(grant) { transaction in
      try await transaction.classes(of: school, in: request.schoolYear)
    }
    return (grant, school, classes)
  }

  /// Stores what has changed, and notes whose results they are.
  private func store(
    _ results: [StoredResult],
    of head: ClassHead,
    _ write: Write
  ) async throws {
    let before = Dictionary(
      uniqueKeysWithValues: try await write.transaction.storedResults(of: head)
        .map { ($0.student, $0) }
    )
    let changed = results.filter { before[$0.student] != $0 }
    guard !changed.isEmpty else { return }
    try await write.transaction.store(changed, of: head)
    for result in changed {
      write.note(
        StudentName(school: head.name.school, id: result.student).text,
        before: before[result.student]?.bytes ?? [],
        after: result.bytes
      )
    }
  }
}
