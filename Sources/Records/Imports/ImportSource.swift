import API
import Intake
import Roster
import ServiceKit
import Workbook

/// A workbook that has been opened and recognised.
///
/// Reading is long work, done off the event loop.
struct ImportSource: Sendable {
  let kind: WorkbookKind
  private let workbook: Workbook
  private let fileName: String

  /// Opens the workbook.
  ///
  /// - Throws: `WorkbookError` for what is no workbook, `Problems` for one of an unknown kind.
  static func open(_ file: ImportFile) async throws -> ImportSource {
    try await LongWork.run { () throws in try ImportSource(file) }
  }

  private init(_ file: ImportFile) throws {
    workbook = try Workbook.read(file.bytes)
    guard let kind = WorkbookKind(workbook) else {
      throw Problems([
        Intake.Problem(
          file: file.header.fileName,
          expected: "hồ sơ trường, sổ điểm hoặc bảng tổng hợp",
          reason: .sheetMissing
        )
      ])
    }
    self.kind = kind
    fileName = file.header.fileName
  }

  /// Reads staff, classes, pupils and assignments.
  func roster() async throws(Problems) -> SchoolRoster {
    try await LongWork.run { () throws(Problems) in
      try SchoolRoster(workbook, file: fileName, catalogue: .curriculum2018)
    }
  }

  /// Reads marks, or levels, of a class of a school year.
  func marks(_ year: YearRoster) async throws(Problems) -> ClassMarks {
    try await LongWork.run { () throws(Problems) in
      if kind == .summarySheet {
        return ClassMarks(try SummarySheet(workbook, file: fileName, school: year.known), year)
      }
      return ClassMarks(try MarkBook(workbook, file: fileName, school: year.known), year)
    }
  }

  /// A problem that concerns the whole file.
  func problem(_ found: String = "", expected: String, _ reason: Intake.Problem.Reason) -> Problems
  {
    Problems([Intake.Problem(file: fileName, found: found, expected: expected, reason: reason)])
  }
}
