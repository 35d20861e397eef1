import API
import GRPC
import Postgres
import Protobuf
import Roster
import ServiceKit
import Transcript

/// Marks as they are read, entered and corrected: `hocba.records.v1.MarkSheetService`.
struct MarkSheetService: RecordsV1.MarkSheetServiceProvider {
  let kit: Kit

  /// How many sheets one answer may carry: of 45 pupils each, some 3 MiB (4 MiB is the limit).
  static let batchLimit = 100

  /// `rpc GetMarkSheet`.
  func getMarkSheet(
    _ request: RecordsV1.GetMarkSheetRequest,
    _ call: Call
  ) async throws -> RecordsV1.MarkSheet {
    let name = try call.markSheetName(request.name, field: "name")
    let relations = try await call.relations(to: name.schoolClass)
    let grant = try await call.authorize(
      on: name.schoolClass.school,
      relations: relations.toSheet(of: name.key.subject)
    )
    let read = try await read(call, grant, name.schoolClass, only: name.key)
    guard let sheet = read?.record.sheet(name.key) else { throw Problem.notAllowed }
    return sheet.wire(try read?.version(of: sheet))
  }

  /// `rpc ListMarkSheets`: a teacher who is only assigned to subjects sees the sheets of these.
  func listMarkSheets(
    _ request: RecordsV1.ListMarkSheetsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListMarkSheetsResponse {
    let name = try call.className(request.parent, field: "parent")
    let relations = try await call.relations(to: name)
    let anySubject: Set<Relation> = relations.subjects.isEmpty ? [] : [.subjectTeacher]
    let grant = try await call.authorize(
      on: name.school,
      relations: relations.toClass.union(anySubject)
    )
    let seesAll = (try? await call.authorize(on: name.school, relations: relations.toClass)) != nil
    guard let read = try await read(call, grant, name) else { throw Problem.notAllowed }
    let sheets = read.record.sheets.filter {
      seesAll || relations.subjects.contains($0.name.key.subject)
    }
    return RecordsV1.ListMarkSheetsResponse(
      markSheets: try sheets.map { $0.summary(try read.signedVersion(of: $0)) }
    )
  }

  /// `rpc BatchGetMarkSheets`.
  func batchGetMarkSheets(
    _ request: RecordsV1.BatchGetMarkSheetsRequest,
    _ call: Call
  ) async throws -> RecordsV1.BatchGetMarkSheetsResponse {
    let school = try call.id(of: request.parent, in: "schools", field: "parent")
    guard request.names.count <= Self.batchLimit, !request.names.isEmpty else {
      _ = try await call.authorize(.readRoster, on: school)
      throw Problem.batchSize("names", limit: Self.batchLimit)
    }
    let names = try request.names.map { try call.markSheetName($0, field: "names") }
    let byClass = Dictionary(grouping: names, by: \.schoolClass)
    guard byClass.keys.allSatisfy({ $0.school == school }) else { throw Problem.notAllowed }

    let relations = try await call.relations(in: school, to: byClass.keys.map(\.id))
    var found: [MarkSheetName: RecordsV1.MarkSheet] = [:]
    for (schoolClass, names) in byClass {
      let relations = relations[schoolClass.id] ?? .none
      var grant: Grant?
      for name in names {
        let toSheet = relations.toSheet(of: name.key.subject)
        grant = try await call.authorize(on: school, relations: toSheet)
      }
      guard let grant else { continue }
      let read = try await read(call, grant, schoolClass)
      for name in names {
        guard let read, let sheet = read.record.sheet(name.key) else { throw Problem.notAllowed }
        found[name] = sheet.wire(try read.version(of: sheet))
      }
    }
    return RecordsV1.BatchGetMarkSheetsResponse(markSheets: names.compactMap { found[$0] })
  }

  /// `rpc EnterMark`.
  func enterMark(
    _ request: RecordsV1.EnterMarkRequest,
    _ call: Call
  ) async throws -> RecordsV1.MarkRow {
    let name = try call.markSheetName(request.name, field: "name")
    let relations = try await call.relations(to: name.schoolClass)
    let grant = try await call.authorize(
      on: name.schoolClass.school,
      relations: relations.toSheet(of: name.key.subject)
    )
    let student = try call.studentName(request.student, field: "student")
    guard let mark = request.mark else { throw Problem.invalid("mark", "phải có") }

    return try await call.write(grant, request.requestID, request) { write in
      let record = try await write.transaction.classRecord(name.schoolClass, sheet: name.key)
      guard let sheet = record?.sheet(name.key), student.school == name.schoolClass.school,
        let pupil = sheet.students.first(where: { $0.id == student.id })
      else { throw Problem.notAllowed }
      let rules = MarkRules(subject: sheet.subject, grade: sheet.grade, term: name.key.term)
      let (slot, ordinal, value) = try rules.read(mark)
      try await write.transaction.claimMarkRow(name, student.id, etag: request.etag)
      let before = request.etag.isEmpty ? [] : sheet.row(of: pupil, sheet.rows[pupil.id]).encoded()
      try await write.transaction.put(value, in: slot, ordinal, name, student.id)
      let row = try await write.transaction.markRow(name, student.id)
      let after = sheet.row(of: pupil, row)
      write.note("\(name.text)/rows/\(student.id)", before: before, after: after.encoded())
      return after
    }
  }

  /// Everything that the sheets of a class are made of; `nil` if the school has no such class.
  private func read(
    _ call: Call,
    _ grant: Grant,
    _ schoolClass: ClassName,
    only sheet: SheetKey? = nil
  ) async throws -> ClassDocuments? {
    let school = School(try await kit.database.organizationPath(schoolClass.school))
    return try await call.read(grant) { transaction in
      guard let record = try await transaction.classRecord(schoolClass, sheet: sheet) else {
        return nil
      }
      let signed = try await transaction.signedVersions(of: schoolClass)
      return ClassDocuments(record: record, school: school, signed: signed)
    }
  }
}
