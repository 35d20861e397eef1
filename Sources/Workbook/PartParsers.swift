/// Collects the shared strings of a workbook (ECMA-376, part 1, 18.4).
struct SharedStringsParser {
  let part: String
  let limits: WorkbookLimits
  private(set) var strings: [String] = []
  private var current = ""
  private var isText = false
  private var isPhonetic = false

  init(part: String, limits: WorkbookLimits) {
    self.part = part
    self.limits = limits
  }

  mutating func handle(_ event: XMLEvent) throws(WorkbookError) {
    switch event {
    case .start("si", _): current = ""
    case .start("t", _): isText = !isPhonetic
    case .start("rPh", _): isPhonetic = true
    case .end("rPh"): isPhonetic = false
    case .end("t"): isText = false
    case .end("si"):
      guard strings.count < limits.cells else { throw WorkbookError(.tooLarge, part: part) }
      strings.append(unescaped(current))
    case .text(let text) where isText:
      current += text
      guard current.utf8.count <= limits.cellBytes else {
        throw WorkbookError(.tooLarge, part: part)
      }
    default: break
    }
  }
}

/// Finds the cell styles that show a number as a date (ECMA-376, part 1, 18.8).
struct StylesParser {
  private(set) var dateStyles: Set<Int> = []
  private var customDates: Set<Int> = []
  private var isInCellStyles = false
  private var count = 0

  mutating func handle(_ event: XMLEvent) {
    switch event {
    case .start("numFmt", let attributes):
      guard let id = attributes["numFmtId"].flatMap({ Int($0) }) else { return }
      if showsDay(attributes["formatCode"] ?? "") { customDates.insert(id) }
    case .start("cellXfs", _): isInCellStyles = true
    case .end("cellXfs"): isInCellStyles = false
    case .start("xf", let attributes) where isInCellStyles:
      let format = attributes["numFmtId"].flatMap { Int($0) } ?? 0
      if isBuiltInDate(format) || customDates.contains(format) { dateStyles.insert(count) }
      count += 1
    default: break
    }
  }

  /// Formats 14–17 and 22 everywhere, the others in East Asian editions (18.8.30).
  private func isBuiltInDate(_ id: Int) -> Bool {
    switch id {
    case 14...17, 22, 27...36, 50...58: true
    default: false
    }
  }

  /// Whether a format code has a day or a year in it, outside of quoted and bracketed text.
  private func showsDay(_ code: String) -> Bool {
    var isQuoted = false
    var isBracketed = false
    var isEscaped = false
    for character in code {
      switch character {
      case _ where isEscaped: isEscaped = false
      case "\"" where !isBracketed: isQuoted.toggle()
      case _ where isQuoted: break
      case "[": isBracketed = true
      case "]": isBracketed = false
      case _ where isBracketed: break
      case "\\", "_", "*": isEscaped = true
      case "d", "D", "y", "Y": return true
      default: break
      }
    }
    return false
  }
}

/// Reads a part's relationships (ECMA-376, part 2, 9.3): id → kind and part name.
struct RelationshipsParser {
  /// Where the targets are relative to, such as `xl`.
  let folder: String
  private(set) var targets: [(id: String, kind: String, part: String)] = []

  init(folder: String) {
    self.folder = folder
  }

  mutating func handle(_ event: XMLEvent) {
    guard
      case .start("Relationship", let attributes) = event,
      attributes["TargetMode"] != "External",
      let id = attributes["Id"], let target = attributes["Target"],
      let kind = attributes["Type"]?.split(separator: "/").last
    else { return }
    targets.append((id, String(kind), resolved(target)))
  }

  private func resolved(_ target: String) -> String {
    var steps = target.hasPrefix("/") ? [] : folder.split(separator: "/")
    for step in target.split(separator: "/") {
      switch step {
      case ".": continue
      case "..": _ = steps.popLast()
      default: steps.append(step)
      }
    }
    return steps.joined(separator: "/")
  }
}

/// Reads the list of sheets and the date system (ECMA-376, part 1, 18.2).
struct WorkbookPartParser {
  private(set) var sheets: [(name: String, isHidden: Bool, relationship: String)] = []
  private(set) var dates = DateSystem.since1900

  mutating func handle(_ event: XMLEvent) {
    switch event {
    case .start("workbookPr", let attributes):
      if ["1", "true"].contains(attributes["date1904"] ?? "") { dates = .since1904 }
    case .start("sheet", let attributes):
      let isHidden = !["visible", nil].contains(attributes["state"])
      sheets.append((attributes["name"] ?? "", isHidden, attributes["id"] ?? ""))
    default: break
    }
  }
}
