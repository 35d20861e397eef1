import Roster
import Workbook

/// What a file of marks is about: found out from its titles, and its name where they are silent.
struct ClassFile {
  let file: String
  let school: KnownSchool
  var problems: [Problem] = []
  private(set) var className: String?
  private(set) var grade: Grade?
  private(set) var term: Term?
  private(set) var period: Period?
  private let named: Titles
  private let titles: [(sheet: String, Titles)]

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
    titles = workbook.sheets.filter { !$0.isHidden }.compactMap { sheet in
      headerRow(sheet).map { (sheet.name.cleaned, Titles(above: $0, in: sheet)) }
    }
    findClass(level)
    findYear()
    term = find("học kì", named.term, \.term) { $0.rawValue }
    period = find("thời điểm đánh giá", named.period, \.period) { $0.name }
  }

  private mutating func findClass(_ level: SchoolLevel) {
    let classes = Dictionary(
      school.classes.map { ($0.key.classKey, $0.key) },
      uniquingKeysWith: { first, _ in first }
    )
    let fromName = named.classes.first.map { $0.classKey }
    var key = fromName
    for (sheet, title) in titles where !title.classes.isEmpty {
      let keys = title.classes.map { $0.classKey }
      // A line may name the grade or another class besides; what is known or expected wins.
      let own = keys.first { $0 == key } ?? keys.first { classes[$0] != nil } ?? keys[0]
      guard let expected = key else {
        key = own
        continue
      }
      guard own != expected else { continue }
      let found = "Lớp: \(own.uppercased())"
      let isByName = expected == fromName
      let wanted = "lớp \(classes[expected] ?? expected.uppercased())"
      report(sheet, found, wanted + (isByName ? " như tên tệp" : " như trang tính khác"), isByName)
    }
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
    for (sheet, title) in titles {
      guard let year = title.year, year != school.year else { continue }
      report(sheet, "Năm học: \(year)", "năm học \(school.year)", .yearMismatch)
    }
  }

  private mutating func find<Value: Equatable>(
    _ what: String,
    _ fromName: Value?,
    _ member: KeyPath<Titles, Value?>,
    _ text: (Value) -> String
  ) -> Value? {
    var value = fromName
    for (sheet, title) in titles {
      guard let own = title[keyPath: member] else { continue }
      guard let expected = value else {
        value = own
        continue
      }
      guard own != expected else { continue }
      let isByName = expected == fromName
      let source = isByName ? "như tên tệp" : "như trang tính khác"
      report(sheet, "\(what) \(text(own))", "\(what) \(text(expected)) \(source)", isByName)
    }
    return value
  }

  /// Reports that a title disagrees with the file's name or with another sheet.
  private mutating func report(
    _ sheet: String,
    _ found: String,
    _ expected: String,
    _ isByName: Bool
  ) {
    report(sheet, found, expected, isByName ? .fileNameMismatch : .titleMismatch)
  }

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
