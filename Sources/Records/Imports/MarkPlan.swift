import Assessment
import Postgres
import Roster
import ServiceKit

/// What a file of marks changes.
///
/// The file is the state of the sheets that it has: a mark that it leaves blank is taken away.
struct MarkPlan: ImportPlan {
  private let schoolClass: ClassName
  private let marks: ClassMarks
  private let sheets: ImportComparison<SheetRow>
  private let conduct: ImportComparison<TextRow>
  private let traits: ImportComparison<TextRow>

  /// Compares a file of marks with what is stored of its class.
  init(
    _ marks: ClassMarks,
    of schoolClass: ClassName,
    _ transaction: Transaction
  ) async throws(StoreError) {
    self.schoolClass = schoolClass
    self.marks = marks
    let stored = try await transaction.markRows(of: schoolClass, sheet: nil)
    let rows = Dictionary(
      stored.filter { $0.key.term == marks.term }
        .map { ("\($0.key.subject)/\($0.row.student)", $0.row) },
      uniquingKeysWith: { first, _ in first }
    )
    sheets = ImportComparison(
      marks.sheets.map { $0.keepingAbsences(of: rows[$0.key], marks) },
      with: marks.sheets.compactMap { row in
        rows[row.key].map { row.asStored($0, marks) }
      }
    )
    conduct = ImportComparison(
      marks.conduct,
      with: marks.conduct.isEmpty
        ? [] : try await transaction.conductRows(of: schoolClass, in: marks.term)
    )
    traits = ImportComparison(
      marks.traits?.rows ?? [],
      with: try await marks.traits?.stored(of: schoolClass, transaction) ?? []
    )
  }

  var tally: ImportTally { sheets.tally + conduct.tally + traits.tally }

  func store(_ write: Write) async throws {
    let transaction = write.transaction
    try await transaction.store(sheets.written, of: schoolClass, marks)
    try await transaction.store(conduct: conduct.written, of: schoolClass, in: marks.term)
    if let period = marks.traits {
      try await transaction.store(traits.written, of: schoolClass, period)
    }
    let subjects = zip(sheets.written.map(\.subject), sheets.steps)
    for (subject, steps) in Dictionary(grouping: subjects, by: \.0).sorted(by: { $0.key < $1.key })
    {
      let key = SheetKey(subject: subject, term: marks.term)
      write.note(MarkSheetName(schoolClass: schoolClass, key: key).text, steps.map(\.1))
    }
    write.note(schoolClass.text, conduct.steps + traits.steps)
  }
}

extension SheetRow {
  /// The row with the absences that are recorded where the file is blank: a workbook cannot say why
  /// a mark is missing, so its silence does not unsay it.
  fileprivate func keepingAbsences(of stored: MarkRow?, _ file: ClassMarks) -> SheetRow {
    var row = self
    for mark in stored?.marks ?? [] where file.slots.contains(mark.slot) {
      guard case .absent = mark.value else { continue }
      let place = MarkPlace(mark.slot, mark.ordinal)
      row.marks[place] = row.marks[place] ?? mark.value
    }
    return row
  }

  /// The row as it is stored, as far as the file speaks of it.
  fileprivate func asStored(_ stored: MarkRow, _ file: ClassMarks) -> SheetRow {
    var row = self
    row.marks = [:]
    for mark in stored.marks where file.slots.contains(mark.slot) {
      row.marks[MarkPlace(mark.slot, mark.ordinal)] = mark.value
    }
    row.comment = file.hasComments ? stored.comment : ""
    return row
  }
}

extension PeriodTraits {
  /// What is stored of these pupils in this period.
  fileprivate func stored(
    of schoolClass: ClassName,
    _ transaction: Transaction
  ) async throws(StoreError) -> [TextRow] {
    let levels = Dictionary(
      grouping: try await transaction.traitLevels(of: schoolClass, at: period),
      by: \.student
    )
    let comments = Dictionary(
      try await transaction.traitComments(of: schoolClass, at: period)
        .map { ($0.student, $0.comment) },
      uniquingKeysWith: { first, _ in first }
    )
    return rows.compactMap { row in
      guard levels[row.id] != nil || comments[row.id] != nil else { return nil }
      let own = Dictionary(
        (levels[row.id] ?? []).map { ($0.trait, $0.level) },
        uniquingKeysWith: { first, _ in first }
      )
      return TextRow(
        key: row.key,
        owner: row.owner,
        id: row.id,
        headings: row.headings,
        values: traits.map { own[$0.rawValue] ?? "" } + [comments[row.id] ?? ""]
      )
    }
  }
}
