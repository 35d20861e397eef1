import Roster
import Workbook

/// What the lines above a table, or a file's name, say of class, year and term.
struct Titles {
  /// A value and the cell that says so; row 0 is the file's name.
  struct Found<Value> {
    var value: Value
    var row = 0
    var column = 0
    var line = ""
  }

  /// Possible keys of the class, see ``Swift/String/classKey``.
  private(set) var classes: [Found<String>] = []
  /// As it is written, such as `2022-2023`; what is no school year too where a title calls it one.
  private(set) var year: Found<String>?
  private(set) var term: Found<Term>?
  private(set) var period: Found<Period>?

  /// Reads the lines above a sheet's table.
  init(above headerRow: Int, in sheet: Sheet, _ patterns: TitlePatterns) {
    for row in sheet.rows.keys.sorted() where row < headerRow {
      let cells = (sheet.rows[row] ?? [:]).sorted { $0.key < $1.key }.filter { !$0.value.isBlank }
      let line = cells.map { $0.value.shown.prefix(300) }.joined(separator: "  ").prefix(600)
      read(String(line), row: row, column: cells.first?.key ?? 1, patterns)
    }
  }

  /// Reads a name such as `so-diem-6A1-hk1.xlsx`; a name of another form says nothing.
  init(fileName: String) {
    let name = fileName.split(whereSeparator: { "/\\".contains($0) }).last.map(String.init) ?? ""
    let pattern = /(?:so-diem|tong-hop)-(.+)-(hk1|hk2|ghk1|chk1|ghk2|cn)\.xlsx/
    guard let match = name.plain.wholeMatch(of: pattern) else { return }
    classes = [Found(value: String(match.1).classKey)]
    switch match.2 {
    case "hk1": term = Found(value: .first)
    case "hk2": term = Found(value: .second)
    default: period = Period(rawValue: String(match.2)).map { Found(value: $0) }
    }
  }

  private mutating func read(
    _ line: String,
    row: Int,
    column: Int,
    _ patterns: TitlePatterns
  ) {
    func found<Value>(_ value: Value) -> Found<Value> {
      Found(value: value, row: row, column: column, line: line)
    }
    let plain = line.plain
    classes += plain.matches(of: patterns.className).map { found(String($0.1).classKey) }
    if let match = plain.firstMatch(of: patterns.year) {
      let text = "\(match.1)-\(match.2)"
      if SchoolYear(text) != nil || plain.contains("nam hoc") { year = year ?? found(text) }
    }
    if let match = plain.firstMatch(of: patterns.term) {
      term = term ?? found(["i", "1"].contains(match.1) ? .first : .second)
    }
    period = period ?? Self.period(plain, patterns).map(found)
  }

  private static func period(_ line: String, _ patterns: TitlePatterns) -> Period? {
    let line = line.replacing(patterns.classTeacher, with: "")
    if line.contains(patterns.endOfYear) { return .endOfYear }
    guard let match = line.firstMatch(of: patterns.period) else { return nil }
    let isFirst = ["i", "1"].contains(match.2)
    if match.1.hasPrefix("g") { return isFirst ? .middleOfFirstTerm : .middleOfSecondTerm }
    return isFirst ? .endOfFirstTerm : .endOfYear
  }
}

/// What is looked for in titles, made once a file: making a pattern takes longer than using it.
struct TitlePatterns {
  fileprivate let className = /(?:^|[^a-z])lop\s*:?\s*([0-9][a-z0-9]*(?:[\/.\-_][a-z0-9]+)*)/
  fileprivate let year = /(?:^|[^0-9])([0-9]{4})\s*[-\/]\s*([0-9]{4})(?![0-9])/
  fileprivate let term = /(?:^|[^a-z])(?:hoc ki|hk)\s*(ii|i|2|1)(?![a-z0-9])/
  /// «GV CN …» and «CN: …» are about a teacher.
  fileprivate let classTeacher = /(?:gv[ .]*cn|cn\s*:)/
  fileprivate let endOfYear = /(?:^|[^a-z])(?:cuoi nam|cn)(?![a-z0-9])/
  fileprivate let period =
    /(?:^|[^a-z])(ghk|giua (?:hoc )?ki|chk|cuoi (?:hoc )?ki)\s*(ii|i|2|1)(?![a-z0-9])/
}

extension String {
  /// The name of a class as file names and headings write it alike: `1/1` is `1-1`.
  var classKey: String {
    String(plain.filter { $0 != " " }.map { "/._".contains($0) ? "-" : $0 })
  }
}
