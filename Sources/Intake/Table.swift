import Workbook

/// What a table on a sheet should look like.
struct Layout<Key: Hashable> {
  /// The column that every row of the table has, and that tells the row of headings.
  var anchor: Key
  /// The columns that must be there.
  var required: [Key]
  /// The columns that may stand several times: parts of a name, regular marks.
  var repeatable: Set<Key> = []
  /// The column of a heading, given as ``Swift/String/key``.
  var match: (String) -> Key?
  /// The heading as it should be.
  var heading: (Key) -> String
  /// Whether a heading that is none of these, by its key, looks like one that was mistyped.
  var isSuspicious: (String) -> Bool = { _ in false }
}

/// A table as it was found on a sheet.
struct Table<Key: Hashable> {
  var headerRow: Int
  /// The first row below the headings, which may take several rows.
  var firstRow: Int
  /// From left to right.
  var columns: [Key: [Int]] = [:]
  /// Headings that mean nothing here, empty ones too between columns that do.
  var others: [(column: Int, heading: String)] = []

  /// Finds the headings: the first of thirty rows that has the anchor and another of them.
  init?(in sheet: Sheet, _ layout: Layout<Key>) {
    for row in sheet.rows.keys.sorted() where row <= 30 {
      let anchor = sheet.rows[row]?.filter { layout.match($0.value.heading.key) == layout.anchor }
      guard let column = anchor?.keys.min() else { continue }
      self.init(in: sheet, row: row, anchor: column, layout)
      if columns.count > 1 { return }
    }
    return nil
  }

  private init(in sheet: Sheet, row: Int, anchor: Int, _ layout: Layout<Key>) {
    headerRow = row
    firstRow = row + sheet.headingRows(from: row, anchor: anchor)
    var sheet = sheet
    sheet.merged.removeAll { !$0.rows.overlaps(row..<firstRow) }
    let last = (row..<firstRow).compactMap { sheet.lastColumn(in: $0) }.max() ?? 0
    for column in 1...max(1, last) {
      let texts = sheet.headings(rows: row..<firstRow, column: column)
      guard let lowest = texts.last, let highest = texts.first else {
        if !columns.isEmpty { others.append((column, "")) }
        continue
      }
      let whole = texts.joined(separator: " ")
      let found = [whole, lowest, highest].lazy.compactMap { layout.match($0.key) }.first
      if let key = found {
        columns[key, default: []].append(column)
      } else {
        others.append((column, whole))
      }
    }
    let lastKnown = columns.values.compactMap(\.last).max() ?? 0
    others.removeAll { $0.heading.isEmpty && $0.column > lastKnown }
  }
}

extension Cell {
  /// What people see in the cell, as far as it may be a heading: nothing that goes on and on.
  fileprivate var heading: String {
    if case .text(let text) = self, text.utf8.count > 500 { return "" }
    return shown
  }
}

extension Sheet {
  /// How many rows the headings take that begin in a row: as many as the anchor's cell is merged
  /// over, or two where any heading is merged over several columns.
  fileprivate func headingRows(from row: Int, anchor: Int) -> Int {
    let merged = merged.filter { $0.rows.lowerBound == row }
    let own = merged.first { $0.columns.lowerBound == anchor && $0.rows.count > 1 }
    if let own { return min(own.rows.count, 4) }
    // A row of sub-headings has texts under merged headings only; a pupil's has others besides.
    let wide = merged.filter { $0.columns.count > 1 }
    let below = (rows[row + 1] ?? [:]).filter { !$0.value.isBlank }.keys
    let isUnderWide = below.allSatisfy { column in
      wide.contains { $0.columns.contains(column) }
    }
    return below.count > 1 && isUnderWide ? 2 : 1
  }

  /// The heading texts of a column from top to bottom, merged cells counted once.
  fileprivate func headings(rows: Range<Int>, column: Int) -> [String] {
    var texts: [String] = []
    for row in rows {
      let text = topLeft(row, column)?.heading ?? ""
      if !text.isEmpty, text != texts.last { texts.append(text) }
    }
    return texts
  }

  /// The cell at a place, or of the merged range that covers it.
  private func topLeft(_ row: Int, _ column: Int) -> Cell? {
    if let cell = self[row, column] { return cell }
    let range = merged.first { $0.rows.contains(row) && $0.columns.contains(column) }
    return range.flatMap { self[$0.rows.lowerBound, $0.columns.lowerBound] }
  }

  /// The last column that a row has anything in, merged ranges too; 200 at most.
  fileprivate func lastColumn(in row: Int) -> Int? {
    let cells = rows[row]?.keys.max()
    let ranges = merged.filter { $0.rows.contains(row) }.map { $0.columns.upperBound }.max()
    return [cells, ranges].compactMap { $0 }.max().map { min($0, 200) }
  }
}
