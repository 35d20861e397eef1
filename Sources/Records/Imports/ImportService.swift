import API
import GRPC
import Intake
import Postgres
import Roster
import ServiceKit
import Workbook

/// Workbooks that schools export, brought in whole or not at all: `hocba.records.v1.ImportService`.
struct ImportService: RecordsV1.ImportServiceProvider {
  let kit: Kit

  /// `rpc ImportWorkbook`.
  func importWorkbook(
    _ requests: RequestStream<RecordsV1.ImportWorkbookRequest>,
    _ call: Call
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    var parts = requests.makeAsyncIterator()
    guard case .header(let header)? = try await parts.next()?.part else {
      throw RecordsError.importHeaderMissing
    }
    let school = try call.id(of: header.parent, in: "schools", field: "parent")
    // Asked before a byte of the file is taken in.
    let grant = try await call.authorize(on: school)
    guard try await kit.database.organization(school)?.kind == "SCHOOL" else {
      throw ServiceKit.Problem.invalid("parent", "phải là một trường")
    }
    let file = try await ImportFile(header, &parts)

    var kind: Intake.WorkbookKind?
    do {
      let source = try await ImportSource.open(file)
      kind = source.kind
      return try await bring(in: source, of: file, to: school, call, grant)
    } catch let problems as Problems {
      // Thrown inside the transaction, so that nothing of it remains.
      return RecordsV1.ImportWorkbookResponse(rejecting: problems, kind)
    } catch let error as WorkbookError {
      return RecordsV1.ImportWorkbookResponse(rejecting: error, header.fileName)
    }
  }

  /// Compares and stores in one transaction: a crash before its commit leaves nothing, and there is
  /// no answer before it.
  private func bring(
    in source: ImportSource,
    of file: ImportFile,
    to school: OrganizationID,
    _ call: Call,
    _ grant: Grant
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    if file.header.validateOnly {
      return try await call.read(grant) { transaction in
        let plan = try await plan(source, school, transaction, isHeld: false)
        return RecordsV1.ImportWorkbookResponse(.validated, source.kind, plan.tally)
      }
    }
    return try await call.write(
      grant,
      file.header.requestID,
      fingerprint: file.fingerprint
    ) { write in
      try await write.transaction.lockImports(of: school)
      let plan = try await plan(source, school, write.transaction, isHeld: true)
      try await plan.store(write)
      return RecordsV1.ImportWorkbookResponse(
        plan.tally.isUnchanged ? .unchanged : .imported,
        source.kind,
        plan.tally
      )
    }
  }

  /// What the workbook would change, as things stand; `isHeld` tells whether the marks that are
  /// compared are kept from others until the transaction ends.
  private func plan(
    _ source: ImportSource,
    _ school: OrganizationID,
    _ transaction: Transaction,
    isHeld: Bool
  ) async throws -> any ImportPlan {
    guard source.kind != .roster else {
      let roster = try await source.roster()
      let year = roster.classes.first.map { "\($0.year)" } ?? ""
      guard try await transaction.hasSchoolYear(year) else {
        throw source.problem(year, expected: "một năm học trong danh mục", .yearMismatch)
      }
      return try await RosterPlan(roster, of: school, in: year, transaction, now: kit.clock.now)
    }
    let marks = try await marks(source, school, transaction)
    let schoolClass = ClassName(school: school, id: marks.classID)
    if isHeld { try await transaction.lockMarkRows(of: schoolClass, in: marks.term) }
    return try await MarkPlan(marks, of: schoolClass, transaction)
  }

  /// The marks of the file, read for the school year that its titles name: the years of the school
  /// are tried, the newest first.
  private func marks(
    _ source: ImportSource,
    _ school: OrganizationID,
    _ transaction: Transaction
  ) async throws -> ClassMarks {
    var mismatch: Problems?
    for year in try await transaction.schoolYears(of: school) {
      let roster = try await transaction.yearRoster(of: school, in: year)
      do {
        return try await source.marks(roster)
      } catch {
        guard error.all.contains(where: { $0.reason == .yearMismatch }) else { throw error }
        mismatch = mismatch ?? error
      }
    }
    throw mismatch
      ?? source.problem(expected: "nhập hồ sơ của trường trước sổ điểm", .classUnknown)
  }
}

/// What a workbook changes, ready to be stored.
protocol ImportPlan: Sendable {
  /// What is told of it.
  var tally: ImportTally { get }
  /// Writes what is new or changed, and notes it; nothing if everything is as it was.
  func store(_ write: Write) async throws
}
