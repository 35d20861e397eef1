import API
import Intake
import Workbook

extension RecordsV1.ImportWorkbookResponse {
  /// How many changes and problems are told at most, as the contract has it.
  private static let listLimit = 1_000

  /// The answer to a workbook that could be, or is, stored.
  init(_ outcome: RecordsV1.ImportOutcome, _ kind: WorkbookKind, _ tally: ImportTally) {
    self.init(
      outcome: outcome,
      kind: RecordsV1.WorkbookKind(kind),
      createdCount: Int32(clamping: tally.created),
      updatedCount: Int32(clamping: tally.updated),
      unchangedCount: Int32(clamping: tally.unchanged),
      changes: Array(tally.changes.prefix(Self.listLimit))
    )
  }

  /// The answer to a workbook with problems.
  init(rejecting problems: Problems, _ kind: WorkbookKind?) {
    self.init(
      outcome: .rejected,
      kind: kind.map(RecordsV1.WorkbookKind.init) ?? .unspecified,
      problems: problems.all.prefix(Self.listLimit).map(RecordsV1.ImportProblem.init),
      problemCount: Int32(clamping: problems.count)
    )
  }

  /// The answer to what cannot be opened as a workbook.
  init(rejecting error: WorkbookError, _ fileName: String) {
    let problem = RecordsV1.ImportProblem(
      file: fileName,
      expected: error.message,
      reason: error.reason.rawValue
    )
    self.init(outcome: .rejected, problems: [problem], problemCount: 1)
  }
}

extension RecordsV1.WorkbookKind {
  fileprivate init(_ kind: WorkbookKind) {
    switch kind {
    case .roster: self = .roster
    case .markBook: self = .markBook
    case .summarySheet: self = .summarySheet
    }
  }
}

extension RecordsV1.ImportProblem {
  fileprivate init(_ problem: Problem) {
    self.init(
      file: problem.file,
      sheet: problem.sheet,
      row: Int32(clamping: problem.row),
      column: problem.column,
      found: problem.found,
      expected: problem.expected,
      reason: problem.reason.rawValue
    )
  }
}
