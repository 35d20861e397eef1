import Roster
import Workbook

/// What the lines above a table, or a file's name, say of class, year and term.
struct Titles {
  /// Possible names of the class, as ``Swift/String/plain``.
  var classes: [String] = []
  var year: SchoolYear?
  var term: Term?
  var period: Period?

  /// Reads the lines above a sheet's table.
  init(above headerRow: Int, in sheet: Sheet) {
    for row in sheet.rows.keys.sorted() where row < headerRow {
      let cells = (sheet.rows[row] ?? [:]).sorted { $0.key < $1.key }
      read(cells.map { $0.value.shown }.joined(separator: "  ").plain)
    }
  }

  /// Reads a name such as `so-diem-6A1-hk1.xlsx`; a name of another form says nothing.
  init(fileName: String) {
    let name = fileName.split(whereSeparator: { "/\\".contains($0) }).last.map(String.init) ?? ""
    let pattern = /(?:so-diem|tong-hop)-(.+)-(hk1|hk2|ghk1|chk1|ghk2|cn)\.xlsx/
    guard let match = name.plain.wholeMatch(of: pattern) else { return }
    classes = [String(match.1)]
    switch match.2 {
    case "hk1": term = .first
    case "hk2": term = .second
    default: period = Period(rawValue: String(match.2))
    }
  }

  private mutating func read(_ line: String) {
    let className = /(?:^|[^a-z])lop\s*:?\s*([0-9][a-z0-9]*(?:[\/.\-_][a-z0-9]+)*)/
    classes += line.matches(of: className).map { String($0.1) }
    if let match = line.firstMatch(of: /(?:^|[^0-9])([0-9]{4})\s*[-\/]\s*([0-9]{4})(?![0-9])/) {
      year = year ?? SchoolYear("\(match.1)-\(match.2)")
    }
    if let match = line.firstMatch(of: /(?:^|[^a-z])(?:hoc ki|hk)\s*(ii|i|2|1)(?![a-z0-9])/) {
      term = term ?? (["i", "1"].contains(match.1) ? .first : .second)
    }
    period = period ?? Self.period(line)
  }

  private static func period(_ line: String) -> Period? {
    if line.contains(/(?:^|[^a-z])(?:cuoi nam|cn)(?![a-z0-9])/) { return .endOfYear }
    let pattern = /(?:^|[^a-z])(ghk|giua (?:hoc )?ki|chk|cuoi (?:hoc )?ki)\s*(ii|i|2|1)(?![a-z0-9])/
    guard let match = line.firstMatch(of: pattern) else { return nil }
    let isFirst = ["i", "1"].contains(match.2)
    if match.1.hasPrefix("g") { return isFirst ? .middleOfFirstTerm : .middleOfSecondTerm }
    return isFirst ? .endOfFirstTerm : .endOfYear
  }
}

extension String {
  /// The name of a class as file names and headings write it alike: `1/1` is `1-1`.
  var classKey: String {
    String(plain.filter { $0 != " " }.map { "/._".contains($0) ? "-" : $0 })
  }
}
