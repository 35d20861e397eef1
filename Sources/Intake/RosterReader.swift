package import Roster
package import Workbook

extension SchoolRoster {
  /// Reads a school's own file: staff, classes, pupils and assignments, each on its sheet.
  /// - Parameters:
  ///   - workbook: The file's sheets.
  ///   - file: The file's name, for problems.
  ///   - catalogue: The subjects that can be assigned.
  /// - Throws: All problems of the file at once.
  package init(
    _ workbook: Workbook,
    file: String,
    catalogue: SubjectCatalogue
  ) throws(Problems) {
    var reader = RosterReader(workbook: workbook, file: file, catalogue: catalogue)
    let roster = reader.read()
    guard reader.problems.isEmpty else { throw reader.problems }
    self = roster
  }
}

/// The sheets of a school's own file, by the keys of their names.
enum RosterSheet: String, CaseIterable {
  case staff = "Nhân sự"
  case classes = "Lớp"
  case pupils = "Học sinh"
  case assignments = "Phân công"

  func isNamed(_ key: String) -> Bool {
    let own = rawValue.key
    return [own, "danhsach" + own, "ds" + own, own + "chuienmon"].contains(key)
  }
}

struct RosterReader {
  let workbook: Workbook
  let file: String
  let catalogue: SubjectCatalogue
  var problems = Problems()
  /// Codes of the staff by ``Swift/String/codeKey``.
  var staffCodes: [String: String] = [:]
  /// The classes by ``Swift/String/classKey``, those with problems of their own too.
  var classes: [String: (name: String, grade: Grade?)] = [:]
  /// The school year of most classes.
  var year: SchoolYear?

  mutating func read() -> SchoolRoster {
    // In this order: each sheet refers to those before it.
    let staff = rows(.staff, isKey: isStaffCode) { $0.staffRow(&$1, $2, &$3) }
    let classes = rows(.classes, isKey: isClassName) { $0.classRow(&$1, $2, &$3) }
    let pupils = rows(.pupils, isKey: isPupilCode) { $0.pupilRow(&$1, $2, &$3) }
    let assignments = rows(.assignments, isKey: isSubjectCode) { $0.assignmentRow(&$1, $2, &$3) }
    return SchoolRoster(staff: staff, classes: classes, pupils: pupils, assignments: assignments)
  }

  /// Reads one sheet row by row.
  ///
  /// What has a proper key is a row of the table; without one, a row among the others that fills
  /// two columns, or one below them that has the figures of such a row.
  private mutating func rows<Column: RosterColumn, Row>(
    _ sheet: RosterSheet,
    isKey: (String) -> Bool,
    _ read: (inout Self, inout SheetReader<Column>, Int, inout Firsts<Column>) -> Row?
  ) -> [Row] {
    let named = workbook.sheets.filter { sheet.isNamed($0.name.key) }
    // Copies that people do not see are none of ours.
    let found = named.contains { !$0.isHidden } ? named.filter { !$0.isHidden } : named
    guard let first = found.first, found.count == 1 else {
      report(sheet, found.isEmpty ? .sheetMissing : .sheetDuplicate)
      return []
    }
    guard var reader = SheetReader(first, file: file, Column.layout, &problems) else { return [] }
    var result: [Row] = []
    var firsts = Firsts<Column>()
    let anchor = Column.anchor
    let last = reader.rowNumbers.last { isKey(reader.cell($0, anchor).shown) } ?? 0
    for row in reader.rowNumbers {
      let key = reader.cell(row, anchor).shown
      if reader.layout.match(key.key) == anchor { continue }
      let isRow = row < last ? reader.filled(row) >= 2 : reader.isRowWithoutKey(row)
      guard isKey(key) || isRow else { continue }
      if let value = read(&self, &reader, row, &firsts) { result.append(value) }
    }
    problems += reader.problems
    return result
  }

  private mutating func report(_ sheet: RosterSheet, _ reason: Problem.Reason) {
    let expected = "một trang tính «\(sheet.rawValue)»"
    problems.append(Problem(file: file, expected: expected, reason: reason))
  }
}

extension SheetReader {
  /// Whether a row below the table is one of its rows that lacks its key, and not a signature, a
  /// legend or a total: three columns filled, one of them with a day, a code or a number.
  fileprivate func isRowWithoutKey(_ row: Int) -> Bool {
    let cells = table.columns.values.flatMap { $0 }.compactMap { sheet[row, $0]?.shown }
    return cells.count { !$0.isEmpty } >= 3
      && cells.contains { text in
        let figures = text.count { $0.isNumber }
        return figures > 0 && figures >= text.count { $0.isLetter }
      }
  }
}

/// Where values that must not repeat stood first.
struct Firsts<Column: Hashable> {
  private var rows: [Column: [String: Int]] = [:]

  /// Reports a value that an earlier row has too.
  mutating func check(
    _ value: String?,
    _ row: Int,
    _ column: Column,
    _ reader: inout SheetReader<Column>,
    _ reason: Problem.Reason = .valueDuplicate
  ) {
    guard let value else { return }
    if let first = rows[column]?[value] {
      reader.reportRepeated(row, column, first: first, reason)
    } else {
      rows[column, default: [:]][value] = row
    }
  }
}

private func isStaffCode(_ text: String) -> Bool {
  text.count { $0.isNumber } >= 3 && !text.contains { " /:".contains($0) }
}

private func isClassName(_ text: String) -> Bool {
  text.count <= 10 && text.first?.isNumber ?? false
}

private func isPupilCode(_ text: String) -> Bool { text.looksLikePupilCode }

private func isSubjectCode(_ text: String) -> Bool {
  !text.isEmpty
    && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
}
