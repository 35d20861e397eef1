import Roster
import Workbook

/// Reads the rows of one table and gathers what is wrong with them.
struct SheetReader<Key: Hashable> {
  let file: String
  let sheet: Sheet
  let layout: Layout<Key>
  let table: Table<Key>
  /// The rows below the headings that hold anything at all.
  let rowNumbers: [Int]
  private var reported = Problems()

  /// Finds the table; reports and gives `nil` where there is none.
  init?(_ sheet: Sheet, file: String, _ layout: Layout<Key>, _ problems: inout Problems) {
    guard let table = Table(in: sheet, layout) else {
      problems.append(
        Problem(
          file: file,
          sheet: sheet.name.cleaned,
          expected: "một bảng có cột «\(layout.heading(layout.anchor))» và các cột khác",
          reason: .tableMissing
        )
      )
      return nil
    }
    self.file = file
    self.sheet = sheet
    self.layout = layout
    self.table = table
    rowNumbers = sheet.rows.keys.filter { $0 >= table.firstRow }.sorted()
    checkHeadings()
  }

  private mutating func checkHeadings() {
    for key in layout.required where table.columns[key] == nil {
      report(table.headerRow, nil, "cột «\(layout.heading(key))»", .columnMissing)
    }
    for (key, columns) in table.columns.sorted(by: { $0.value[0] < $1.value[0] })
    where !layout.repeatable.contains(key) {
      // A heading that is merged over several columns stands once.
      let own = columns.filter { column in
        (table.headerRow..<table.firstRow).contains { sheet[$0, column].isFilled }
      }
      guard own.count > 1 else { continue }
      let expected = "chỉ một cột «\(layout.heading(key))»"
      report(table.headerRow, own[1], expected, .columnDuplicate)
    }
    for (column, heading) in table.others
    where heading.isEmpty || layout.isSuspicious(heading.key) {
      // A signature may stand in any column, but alone or beside one other.
      let isFilled = rowNumbers.contains { sheet[$0, column].isFilled && filled($0) >= 3 }
      guard isFilled else { continue }
      report(table.headerRow, column, "một tên cột của mẫu", .columnUnknown)
    }
  }

  /// What was wrong, from top to bottom and from left to right.
  var problems: Problems { reported.inOrder }

  /// The leftmost column of a key.
  func column(_ key: Key) -> Int? { table.columns[key]?.first }

  /// The cell of a row in the column of a key; a blank text where there is none.
  func cell(_ row: Int, _ key: Key) -> Cell {
    column(key).flatMap { sheet[row, $0] } ?? .text("")
  }

  /// How many of the table's columns a row fills.
  func filled(_ row: Int) -> Int {
    table.columns.values.count { $0.contains { sheet[row, $0].isFilled } }
  }

  /// Reports a problem; without a column, of the row.
  mutating func report(
    _ row: Int,
    _ column: Int?,
    _ expected: String,
    _ reason: Problem.Reason
  ) {
    let found = column.flatMap { sheet[row, $0] }?.shown ?? ""
    reported.append(
      Problem(
        file: file,
        sheet: sheet.name.cleaned,
        row: row,
        column: column.map(columnLetters) ?? "",
        found: String(found.prefix(200)),
        expected: expected,
        reason: reason
      )
    )
  }

  /// Reports a problem in the column of a key.
  mutating func report(_ row: Int, _ key: Key, _ expected: String, _ reason: Problem.Reason) {
    report(row, column(key), expected, reason)
  }

  /// The value of a reading, `nil` when it is blank or wrong; what is wrong is reported.
  mutating func take<Value>(
    _ reading: CellReading<Value>,
    _ row: Int,
    _ key: Key,
    _ expected: String
  ) -> Value? {
    switch reading {
    case .blank: return nil
    case .value(let value): return value
    case .wrong(let reason):
      report(row, key, expected, reason)
      return nil
    }
  }

  /// As ``take(_:_:_:_:)``, where blank is wrong too.
  mutating func require<Value>(
    _ reading: CellReading<Value>,
    _ row: Int,
    _ key: Key,
    _ expected: String
  ) -> Value? {
    if case .blank = reading {
      // That the whole column is missing has been said once.
      if column(key) != nil { report(row, key, expected, .valueMissing) }
      return nil
    }
    return take(reading, row, key, expected)
  }

  /// Free text, or the joined parts of a name whose heading stands over several columns.
  mutating func text(_ row: Int, _ key: Key) -> String? {
    let parts = (table.columns[key] ?? []).compactMap { column -> String? in
      guard let cell = sheet[row, column] else { return nil }
      guard case .value(let text) = cell.text else {
        if !cell.isBlank { report(row, column, "chữ, không phải công thức lỗi", .formulaError) }
        return nil
      }
      return text
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// Text that must be there.
  mutating func requiredText(_ row: Int, _ key: Key) -> String? {
    let before = reported.count
    let text = text(row, key)
    if text == nil, reported.count == before, column(key) != nil {
      report(row, key, layout.heading(key), .valueMissing)
    }
    return text
  }

  /// Reports that a value stands in an earlier row already.
  mutating func reportRepeated(_ row: Int, _ key: Key, first: Int, _ reason: Problem.Reason) {
    let heading = layout.heading(key)
    report(row, key, "«\(heading)» không trùng với dòng \(first)", reason)
  }
}

extension Cell? {
  /// Whether people see anything in it.
  var isFilled: Bool { self.map { !$0.isBlank } ?? false }
}
