package import Workbook

/// What a school's workbook is, told by its content and not by its name.
package enum WorkbookKind: String, Sendable, CaseIterable {
  /// Staff, classes, pupils and assignments: ``SchoolRoster``.
  case roster
  /// Marks of a lower secondary class and term: ``MarkBook``.
  case markBook
  /// Levels of a primary class and period: ``SummarySheet``.
  case summarySheet

  /// Recognises a workbook; `nil` when it is none of these.
  package init?(_ workbook: Workbook) {
    let sheets = workbook.sheets.filter { !$0.isHidden }
    let names = sheets.map { $0.name.key }
    let rosterSheets = RosterSheet.allCases.count { sheet in names.contains { sheet.isNamed($0) } }
    if rosterSheets >= 2 {
      self = .roster
    } else if names.contains(where: { $0.contains("phamchat") || SubjectHeading.isSheetName($0) }) {
      self = .summarySheet
    } else if sheets.contains(where: {
      MarkColumn.headerRow(in: $0) != nil || ConductColumn.headerRow(in: $0) != nil
    }) {
      self = .markBook
    } else {
      return nil
    }
  }
}
