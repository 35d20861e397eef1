import API
import Intake
import Roster
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
  @concurrent
  static func open(_ file: ImportFile) async throws -> ImportSource {
    let workbook = try Workbook.read(file.bytes)
    guard let kind = WorkbookKind(workbook) else {
      throw Problems([
        Problem(
          file: file.header.fileName,
          expected: "hồ sơ trường, sổ điểm hoặc bảng tổng hợp",
          reason: .sheetMissing
        )
      ])
    }
    return ImportSource(kind: kind, workbook: workbook, fileName: file.header.fileName)
  }

  /// Reads staff, classes, pupils and assignments.
  @concurrent
  func roster() async throws(Problems) -> SchoolRoster {
    try SchoolRoster(workbook, file: fileName, catalogue: .curriculum2018)
  }

  /// Reads marks, or levels, of a class of a school year.
  @concurrent
  func marks(_ year: YearRoster) async throws(Problems) -> ClassMarks {
    if kind == .summarySheet {
      return ClassMarks(try SummarySheet(workbook, file: fileName, school: year.known), year)
    }
    return ClassMarks(try MarkBook(workbook, file: fileName, school: year.known), year)
  }

  /// A problem that concerns the whole file.
  func problem(_ found: String = "", expected: String, _ reason: Problem.Reason) -> Problems {
    Problems([Problem(file: fileName, found: found, expected: expected, reason: reason)])
  }
}
