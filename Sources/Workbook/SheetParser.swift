import Roster

/// What the cells of a sheet refer to in other parts of the file.
struct SheetContext {
  var strings: [String] = []
  /// Numbers of the cell styles that show a number as a date.
  var dateStyles: Set<Int> = []
  var dates = DateSystem.since1900
}

/// Builds the cells of a sheet from the events of its part (ECMA-376, part 1, 18.3).
struct SheetParser {
  private enum Target { case none, value, inline, formula }

  let part: String
  let context: SheetContext
  let limits: WorkbookLimits
  /// How many more cells the workbook may hold.
  var cellBudget: Int
  private(set) var rows: [Int: [Int: Cell]] = [:]
  private(set) var merged: [CellRange] = []

  private var isInData = false
  private var row = 0
  private var column = 0
  private var kind = "n"
  private var style = 0
  private var value: String?
  private var inline: String?
  private var formula: String?
  private var target = Target.none
  private var isPhonetic = false

  init(part: String, context: SheetContext, limits: WorkbookLimits, cellBudget: Int) {
    self.part = part
    self.context = context
    self.limits = limits
    self.cellBudget = cellBudget
  }

  mutating func handle(_ event: XMLEvent) throws(WorkbookError) {
    switch event {
    case .start(let name, let attributes):
      try start(name, attributes)
    case .end(let name):
      try end(name)
    case .text(let text):
      guard target != .none else { return }
      try append(text)
    }
  }

  private mutating func start(
    _ name: String,
    _ attributes: [String: String]
  ) throws(WorkbookError) {
    switch name {
    case "sheetData": isInData = true
    case "row" where isInData:
      row = try place(attributes["r"].map { Int($0) }, after: row, last: lastRow)
      column = 0
    case "c" where isInData:
      try startCell(attributes)
    case "v" where isInData: target = .value
    case "f" where isInData:
      formula = formula ?? ""
      target = .formula
    case "t" where isInData && !isPhonetic: target = .inline
    case "rPh": isPhonetic = true
    case "mergeCell" where !isInData:
      guard merged.count < limits.mergedRanges else { throw WorkbookError(.tooLarge, part: part) }
      // A range that cannot be read joins nothing; the cells are all there without it.
      if let range = CellRange(attributes["ref"] ?? "") { merged.append(range) }
    default: break
    }
  }

  private mutating func end(_ name: String) throws(WorkbookError) {
    switch name {
    case "sheetData": isInData = false
    case "v", "f", "t": target = .none
    case "rPh": isPhonetic = false
    case "c" where isInData:
      guard let cell = try finishedCell() else { return }
      guard cellBudget > 0 else { throw WorkbookError(.tooLarge, part: part) }
      cellBudget -= 1
      rows[row, default: [:]][column] = cell
    default: break
    }
  }

  private mutating func startCell(_ attributes: [String: String]) throws(WorkbookError) {
    if let reference = attributes["r"] {
      guard let at = CellReference(reference) else { throw WorkbookError(.damaged, part: part) }
      row = at.row
      column = at.column
    } else {
      column = try place(nil, after: column, last: lastColumn)
    }
    guard row > 0 else { throw WorkbookError(.damaged, part: part) }
    kind = attributes["t"] ?? "n"
    style = attributes["s"].flatMap { Int($0) } ?? 0
    (value, inline, formula) = (nil, nil, nil)
  }

  /// The number of a row or column: as written, or else the next one.
  private func place(_ written: Int??, after last: Int, last limit: Int) throws(WorkbookError)
    -> Int
  {
    let number: Int? = if let written { written } else { last + 1 }
    guard let number, (1...limit).contains(number) else {
      throw WorkbookError(.damaged, part: part)
    }
    return number
  }

  private mutating func append(_ text: String) throws(WorkbookError) {
    switch target {
    case .none: return
    case .value: value = (value ?? "") + text
    case .inline: inline = (inline ?? "") + text
    case .formula: formula = (formula ?? "") + text
    }
    let longest = max(value?.utf8.count ?? 0, inline?.utf8.count ?? 0)
    guard longest <= limits.cellBytes else { throw WorkbookError(.tooLarge, part: part) }
  }

  private func finishedCell() throws(WorkbookError) -> Cell? {
    guard let value, !value.isEmpty else {
      if let inline, !inline.isEmpty { return .text(unescaped(inline)) }
      // A formula that no program has computed yet: its result is not ours to guess.
      if let formula, kind != "str" { return .error("=" + formula) }
      return nil
    }
    switch kind {
    case "s":
      guard let index = Int(value), context.strings.indices.contains(index) else {
        throw WorkbookError(.damaged, part: part)
      }
      return context.strings[index].isEmpty ? nil : .text(context.strings[index])
    case "str", "inlineStr": return .text(unescaped(value))
    case "b": return .boolean(value == "1" || value == "true")
    case "e": return .error(value)
    // ISO 8601, with or without a time of day.
    case "d": return CivilDate(String(value.prefix(10))).map { .date($0) } ?? .text(value)
    default:
      if context.dateStyles.contains(style), let day = context.dates.day(ofSerial: value) {
        return .date(day)
      }
      return .number(value)
    }
  }
}

/// Text with `_xHHHH_`, the format's way to write characters that XML has not, read back.
func unescaped(_ text: String) -> String {
  guard text.contains("_x") else { return text }
  var result = ""
  var rest = text[...]
  while let mark = rest.firstRange(of: "_x") {
    let code = rest[mark.upperBound...].prefix(4)
    let end = rest.index(mark.upperBound, offsetBy: 4, limitedBy: rest.endIndex)
    guard
      let end, end < rest.endIndex, rest[end] == "_",
      let number = UInt32(code, radix: 16), let scalar = UnicodeScalar(number)
    else {
      result += rest[..<mark.upperBound]
      rest = rest[mark.upperBound...]
      continue
    }
    result += rest[..<mark.lowerBound]
    result.unicodeScalars.append(scalar)
    rest = rest[rest.index(after: end)...]
  }
  return result + rest
}
