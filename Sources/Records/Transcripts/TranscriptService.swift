import API
import GRPC
import Postgres
import Roster
import ServiceKit
import Transcript

/// Transcripts of pupils as they are to be signed: `hocba.records.v1.TranscriptService`.
struct TranscriptService: RecordsV1.TranscriptServiceProvider {
  let kit: Kit

  /// How many transcripts one answer may carry: some 10 KiB each (4 MiB is the limit).
  static let batchLimit = 200

  /// `rpc GetTranscript`.
  func getTranscript(
    _ request: RecordsV1.GetTranscriptRequest,
    _ call: Call
  ) async throws -> RecordsV1.Transcript {
    let name = try call.transcriptName(request.name, field: "name")
    let found = try await transcripts([name], of: name.student.school, call)
    guard let transcript = found[name] else { throw Problem.notAllowed }
    return transcript
  }

  /// `rpc StreamTranscripts`.
  func streamTranscripts(
    _ request: RecordsV1.StreamTranscriptsRequest,
    _ call: Call,
    _ responses: ResponseWriter<RecordsV1.Transcript>
  ) async throws {
    let name = try call.className(request.parent, field: "parent")
    let relations = try await call.relations(to: name)
    let grant = try await call.authorize(on: name.school, relations: relations.toClass)
    let transcripts = try await read(call, grant, name)
    let students = transcripts.documents.record.students
    try await call.auditReading(grant, students.map { transcripts.name(of: $0).text })
    for student in students {
      try Task.checkCancellation()
      try await responses.write(try transcripts.transcript(of: student))
    }
  }

  /// `rpc BatchGetTranscripts`.
  func batchGetTranscripts(
    _ request: RecordsV1.BatchGetTranscriptsRequest,
    _ call: Call
  ) async throws -> RecordsV1.BatchGetTranscriptsResponse {
    let school = try call.id(of: request.parent, in: "schools", field: "parent")
    guard request.names.count <= Self.batchLimit, !request.names.isEmpty else {
      _ = try await call.authorize(.readRoster, on: school)
      throw Problem.batchSize("names", limit: Self.batchLimit)
    }
    let names = try request.names.map { try call.transcriptName($0, field: "names") }
    guard names.allSatisfy({ $0.student.school == school }) else { throw Problem.notAllowed }
    let found = try await transcripts(names, of: school, call)
    return RecordsV1.BatchGetTranscriptsResponse(transcripts: names.compactMap { found[$0] })
  }

  /// The transcripts of names of one school, class by class: all of them or none.
  private func transcripts(
    _ names: [TranscriptName],
    of school: OrganizationID,
    _ call: Call
  ) async throws -> [TranscriptName: RecordsV1.Transcript] {
    var byClass: [ClassName: [TranscriptName]] = [:]
    for (year, names) in Dictionary(grouping: names, by: \.schoolYear) {
      let classes = try await kit.database.classes(
        of: names.map(\.student.id),
        in: school,
        year.description
      )
      for name in names {
        // Not enrolled here: asked all the same, so that absent and forbidden look alike.
        guard let schoolClass = classes[name.student.id] else { throw Problem.notAllowed }
        byClass[schoolClass, default: []].append(name)
      }
    }
    let relations = try await call.relations(in: school, to: byClass.keys.map(\.id))
    var found: [TranscriptName: RecordsV1.Transcript] = [:]
    for (schoolClass, names) in byClass {
      let toClass = relations[schoolClass.id]?.toClass ?? []
      let grant = try await call.authorize(on: school, relations: toClass)
      let transcripts = try await read(call, grant, schoolClass)
      try await call.auditReading(grant, names.map(\.text))
      let wanted = Dictionary(grouping: names, by: \.student.id)
      for student in transcripts.documents.record.students {
        guard let name = wanted[student.id]?.first else { continue }
        found[name] = try transcripts.transcript(of: student)
      }
    }
    return found
  }

  /// Everything that the transcripts of a class are made of.
  ///
  /// - Throws: `Problem.notAllowed` if there is no such class; `RecordsError.gradeNotRolledOut`.
  private func read(
    _ call: Call,
    _ grant: Grant,
    _ name: ClassName
  ) async throws -> ClassTranscripts {
    let school = School(try await kit.database.organizationPath(name.school))
    return try await call.read(grant) { transaction in
      guard let head = try await transaction.classHead(name) else { throw Problem.notAllowed }
      guard try await transaction.isRolledOut(head.grade, in: head.schoolYear) else {
        throw RecordsError.gradeNotRolledOut(
          grade: head.grade.rawValue,
          schoolYear: head.schoolYear.description
        )
      }
      guard let record = try await transaction.classRecord(name) else { throw Problem.notAllowed }
      let signed = try await transaction.signedVersions(of: name)
      let principal = try await transaction.principal(of: name.school)
      let documents = ClassDocuments(record: record, school: school, signed: signed)
      return try ClassTranscripts(documents, principal: principal)
    }
  }
}
