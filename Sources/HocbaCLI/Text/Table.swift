/// A table in plain text, its columns as wide as their widest cell.
struct Table {
  private let heading: [String]
  private let rightAligned: Set<Int>
  private var rows: [[String]] = []

  /// - Parameters:
  ///   - heading: One cell a column.
  ///   - numbers: Columns that stand to the right.
  init(_ heading: [String], numbers: Set<Int> = []) {
    self.heading = heading
    rightAligned = numbers
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  var isEmpty: Bool { rows.isEmpty }

  /// The lines, the heading underlined.
  var lines: [String] {
    var widths = heading.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], cell.count)
      }
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([heading, rule] + rows).map { line($0, widths) }
  }

  var text: String { lines.joined(separator: "\n") }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var parts: [String] = []
    for (column, cell) in cells.enumerated() where column < widths.count {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      let isLast = column == widths.count - 1
      parts.append(rightAligned.contains(column) ? padding + cell : isLast ? cell : cell + padding)
    }
    let line = parts.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
