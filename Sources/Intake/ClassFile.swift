import Roster
import Workbook

/// What a file of marks is about: found out from its titles, and its name where they are silent.
struct ClassFile {
  let file: String
  let school: KnownSchool
  var problems = Problems()
  private(set) var className: String?
  private(set) var grade: Grade?
  private(set) var term: Term?
  private(set) var period: Period?
  private let named: Titles
  private let sheets: [(name: String, titles: Titles)]

  /// Reads the titles of the sheets that have a table.
  ///
  /// `headerRow` is the row of a sheet's headings; `nil` when it has no table.
  init(
    _ workbook: Workbook,
    file: String,
    school: KnownSchool,
    level: SchoolLevel,
    headerRow: (Sheet) -> Int?
  ) {
    self.file = file
    self.school = school
    named = Titles(fileName: file.cleaned)
    let patterns = TitlePatterns()
    sheets = workbook.sheets.filter { !$0.isHidden }.compactMap { sheet in
      headerRow(sheet).map { (sheet.name.cleaned, Titles(above: $0, in: sheet, patterns)) }
    }
    findClass(level)
    findYear()
    if level == .lowerSecondary {
      term = agreed(named.term, { $0.term }) { "học kì \($0.rawValue)" }
    } else {
      period = agreed(named.period, { $0.period }) { $0.name.lowercased() }
    }
  }

  private mutating func findClass(_ level: SchoolLevel) {
    let classes = Dictionary(
      school.classes.map { ($0.key.classKey, $0.key) },
      uniquingKeysWith: { first, _ in first }
    )
    let expected = named.classes.first?.value
    let key = agreed(
      named.classes.first,
      { titles in
        // A line may name the grade or another class besides; what is expected or known wins.
        titles.classes.first { $0.value == expected }
          ?? titles.classes.first { classes[$0.value] != nil } ?? titles.classes.first
      },
      text: { "lớp \(classes[$0] ?? $0.uppercased())" }
    )
    guard let key else {
      report("", "", "dòng «Lớp: …   Năm học: …» ở đầu trang tính", .titleMissing)
      return
    }
    guard let name = classes[key], let grade = school.classes[name] else {
      let expected = "một lớp của trường trong năm học \(school.year)"
      report("", key.uppercased(), expected, .classUnknown)
      return
    }
    guard grade.level == level else {
      let expected = level == .primary ? "một lớp tiểu học" : "một lớp trung học cơ sở"
      report("", name, expected, .classUnknown)
      return
    }
    className = name
    self.grade = grade
  }

  private mutating func findYear() {
    for (sheet, titles) in sheets {
      guard let year = titles.year, year.value != school.year.description else { continue }
      report(sheet, year, "năm học \(school.year)", .yearMismatch)
    }
  }

  /// The value on which the file's name and the titles of all sheets agree; the first there is,
  /// when they do not, which is reported.
  private mutating func agreed<Value: Equatable>(
    _ fromName: Titles.Found<Value>?,
    _ member: (Titles) -> Titles.Found<Value>?,
    text: (Value) -> String
  ) -> Value? {
    var value = fromName?.value
    for (sheet, titles) in sheets {
      guard let own = member(titles) else { continue }
      guard let expected = value else {
        value = own.value
        continue
      }
      guard own.value != expected else { continue }
      if fromName != nil {
        report(sheet, own, "\(text(expected)) như tên tệp", .fileNameMismatch)
      } else {
        report(sheet, own, "\(text(expected)) như trang tính khác", .titleMismatch)
      }
    }
    return value
  }

  private mutating func report<Value>(
    _ sheet: String,
    _ found: Titles.Found<Value>,
    _ expected: String,
    _ reason: Problem.Reason
  ) {
    problems.append(
      Problem(
        file: file,
        sheet: sheet,
        row: found.row,
        column: columnLetters(found.column),
        found: String(found.line.prefix(200)),
        expected: expected,
        reason: reason
      )
    )
  }

  /// Reports a problem of a whole sheet, or of the file where `sheet` is empty.
  mutating func report(
    _ sheet: String,
    _ found: String,
    _ expected: String,
    _ reason: Problem.Reason
  ) {
    problems.append(
      Problem(file: file, sheet: sheet, found: found, expected: expected, reason: reason)
    )
  }
}
