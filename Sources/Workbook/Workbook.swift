/// The sheets of a spreadsheet file, as values.
package struct Workbook: Sendable, Equatable {
  /// In the order of the file, hidden sheets too.
  package var sheets: [Sheet]

  package init(sheets: [Sheet]) {
    self.sheets = sheets
  }
}

/// One sheet: its cells that hold something, and its merged ranges.
package struct Sheet: Sendable, Equatable {
  /// As it stands on the tab; Excel cuts it at 31 characters.
  package var name: String
  package var isHidden: Bool
  /// Row (from 1) → column (from 1, which is `A`) → cell; empty cells are absent.
  package var rows: [Int: [Int: Cell]]
  package var merged: [CellRange]

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
  case date(CalendarDay)
  case boolean(Bool)
  /// An error such as `#DIV/0!`, or a formula (`=…`) whose result the file does not hold.
  case error(String)
}

/// A day of the calendar.
package struct CalendarDay: Sendable, Hashable {
  package var year: Int
  /// 1…12.
  package var month: Int
  /// 1…31.
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }
}

/// A rectangle of cells, counted from 1.
package struct CellRange: Sendable, Hashable {
  package var rows: ClosedRange<Int>
  package var columns: ClosedRange<Int>

  package init(rows: ClosedRange<Int>, columns: ClosedRange<Int>) {
    self.rows = rows
    self.columns = columns
  }
}
