package import Roster

/// The sheets of a spreadsheet file, as values.
package struct Workbook: Sendable, Equatable {
  /// In the order of the file, hidden sheets too.
  package var sheets: [Sheet]

  /// Puts sheets together.
  package init(sheets: [Sheet]) {
    self.sheets = sheets
  }
}

/// One sheet: its cells that hold something, and its merged ranges.
package struct Sheet: Sendable, Equatable {
  /// As it stands on the tab; Excel cuts it at 31 characters.
  package var name: String
  /// Whether people do not see the sheet.
  package var isHidden: Bool
  /// Row (from 1) → column (from 1, which is `A`) → cell; empty cells are absent.
  package var rows: [Int: [Int: Cell]]
  /// The ranges that are shown as one cell, which is the first of them.
  package var merged: [CellRange]

  /// Puts a sheet together.
  package init(
    name: String,
    isHidden: Bool = false,
    rows: [Int: [Int: Cell]] = [:],
    merged: [CellRange] = []
  ) {
    self.name = name
    self.isHidden = isHidden
    self.rows = rows
    self.merged = merged
  }

  /// The cell in a row and a column, both counted from 1; `nil` when it is empty.
  package subscript(row: Int, column: Int) -> Cell? {
    get { rows[row]?[column] }
    set { rows[row, default: [:]][column] = newValue }
  }
}

/// What stands in a cell.
package enum Cell: Sendable, Equatable {
  /// Text, with the runs of rich text joined.
  case text(String)
  /// The number exactly as the file writes it, such as `7.0999999999999996`.
  case number(String)
  /// A number that the file shows as a date.
  case date(CivilDate)
  case boolean(Bool)
  /// An error such as `#DIV/0!`, or a formula (`=…`) whose result the file does not hold.
  case error(String)
}

/// A rectangle of cells, counted from 1.
package struct CellRange: Sendable, Hashable {
  /// From the first row to the last.
  package var rows: ClosedRange<Int>
  /// From the first column to the last.
  package var columns: ClosedRange<Int>

  /// Puts a range together.
  package init(rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
    self.rows = rows
    self.columns = columns
  }
}
