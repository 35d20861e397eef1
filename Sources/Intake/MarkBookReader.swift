import Assessment
import Roster
package import Workbook

extension MarkBook {
  /// Reads the mark book of a class and term: a sheet a subject, and one of conduct.
  /// - Parameters:
  ///   - workbook: The file's sheets; hidden ones are not read.
  ///   - file: The file's name, compared with the titles, and for problems.
  ///   - school: What the school has.
  /// - Throws: All problems of the file at once.
  package init(
    _ workbook: Workbook,
    file: String,
    school: KnownSchool
  ) throws(Problems) {
    var about = ClassFile(workbook, file: file, school: school, level: .lowerSecondary) { sheet in
      MarkColumn.headerRow(in: sheet) ?? ConductColumn.headerRow(in: sheet)
    }
    if about.term == nil {
      about.report("", "", "dòng tiêu đề có «HỌC KÌ I» hoặc «HỌC KÌ II»", .titleMissing)
    }
    guard let className = about.className, let grade = about.grade else {
      throw about.problems
    }
    var reader = MarkBookReader(about: about, className: className, grade: grade)
    reader.read(workbook)
    guard reader.about.problems.isEmpty, let term = about.term else {
      throw reader.about.problems
    }
    self.init(
      className: className,
      year: school.year,
      term: term,
      subjects: reader.subjects,
      conduct: reader.conduct
    )
  }
}

/// The columns of a subject's sheet, besides the pupil's.
enum MarkColumn: Hashable {
  case regular, midTerm, endOfTerm, average

  init?(_ key: String) {
    let letters = key.prefix { !$0.isNumber }
    switch letters {
    case "ddgtx", "tx", "ddtx", "diemtx", "danhgiathuongxuien", "diemdanhgiathuongxuien",
      "thuongxuien", "diemthuongxuien":
      self = .regular
    case "ddggk", "gk", "danhgiagiuaki", "diemdanhgiagiuaki", "diemgiuaki", "giuaki",
      "giuahocki", "diemgiuahocki":
      self = .midTerm
    case "ddgck", "ck", "danhgiacuoiki", "diemdanhgiacuoiki", "diemcuoiki", "cuoiki",
      "cuoihocki", "diemcuoihocki":
      self = .endOfTerm
    case "dtbmhk", "dtbmhki", "dtbmhkii", "dtbm", "tbm", "danhgiahk", "danhgiahocki", "danhgiahki",
      "danhgiahkii", "ketquahk":
      self = .average
    default: return nil
    }
  }

  var heading: String {
    switch self {
    case .regular: "ĐĐGtx"
    case .midTerm: "ĐĐGgk"
    case .endOfTerm: "ĐĐGck"
    case .average: "ĐTBmhk"
    }
  }

  static var layout: Layout<PupilColumn<MarkColumn>> {
    var layout = Layout(
      pupilsWith: [.regular, .midTerm, .endOfTerm],
      repeatable: [.regular],
      match: { MarkColumn($0) },
      heading: \.heading
    )
    layout.isSuspicious = { key in
      ["ddg", "tx", "diem", "danhgiathuong"].contains { key.hasPrefix($0) }
    }
    return layout
  }

  static func headerRow(in sheet: Sheet) -> Int? {
    guard let table = Table(in: sheet, layout) else { return nil }
    let marks: [MarkColumn] = [.regular, .midTerm, .endOfTerm]
    return marks.contains { table.columns[.value($0)] != nil } ? table.headerRow : nil
  }
}

/// The columns of the sheet of conduct, besides the pupil's.
enum ConductColumn: Hashable {
  case level, excused, unexcused

  init?(_ key: String) {
    switch key {
    case "ketquarenluien", "renluien", "kqrl", "xeploairenluien", "mucrenluien": self = .level
    case "nghicophep", "cophep", "songainghicophep", "sobuoinghicophep": self = .excused
    case "nghikhongphep", "khongphep", "songainghikhongphep", "sobuoinghikhongphep":
      self = .unexcused
    default: return nil
    }
  }

  var heading: String {
    switch self {
    case .level: "Kết quả rèn luyện"
    case .excused: "Nghỉ có phép"
    case .unexcused: "Nghỉ không phép"
    }
  }

  static var layout: Layout<PupilColumn<ConductColumn>> {
    Layout(
      pupilsWith: [.level, .excused, .unexcused],
      match: { ConductColumn($0) },
      heading: \.heading
    )
  }

  static func headerRow(in sheet: Sheet) -> Int? {
    guard let table = Table(in: sheet, layout) else { return nil }
    return table.columns[.value(.level)] == nil ? nil : table.headerRow
  }

  static func isSheetName(_ key: String) -> Bool {
    ["renluien", "ketquarenluien", "kqrenluien", "hanhkiem"].contains(key)
  }
}

private struct MarkBookReader {
  var about: ClassFile
  let className: String
  let grade: Grade
  private let names: SubjectNames
  private let subjectTitle =
    /(?:^|.*?[^a-z])mon(?: hoc)?\s*:?\s+(.+?)(?:\s*-.*|\s+hoc ki.*|\s+lop.*)?/
  var subjects: [SubjectMarks] = []
  var conduct: [ConductRow] = []
  private var hasConduct = false

  init(about: ClassFile, className: String, grade: Grade) {
    self.about = about
    self.className = className
    self.grade = grade
    names = SubjectNames(about.school, grade: grade)
  }

  mutating func read(_ workbook: Workbook) {
    for sheet in workbook.sheets where !sheet.isHidden {
      if ConductColumn.isSheetName(sheet.name.key) {
        if hasConduct { reportRepeated(sheet) }
        hasConduct = true
        readConduct(sheet)
      } else if let subject = names.subject(sheet: sheet.name) {
        if subjects.contains(where: { $0.subject == subject.code }) { reportRepeated(sheet) }
        readSubject(subject, sheet)
      } else if MarkColumn.headerRow(in: sheet) != nil {
        let expected = "tên một môn học của khối \(grade.rawValue)"
        about.report(sheet.name.cleaned, sheet.name.cleaned, expected, .subjectUnknown)
      }
    }
    if subjects.isEmpty, about.problems.isEmpty {
      about.report("", "", "một trang tính cho mỗi môn học", .sheetMissing)
    }
  }

  private mutating func reportRepeated(_ sheet: Sheet) {
    let name = sheet.name.cleaned
    about.report(name, name, "mỗi môn học chỉ có một trang tính", .sheetDuplicate)
  }

  private mutating func readConduct(_ sheet: Sheet) {
    let found = SheetReader(sheet, file: about.file, ConductColumn.layout, &about.problems)
    guard var reader = found else { return }
    let levels = "T, K, Đ hoặc CĐ"
    let count = "số buổi nghỉ"
    for (row, pupil) in reader.pupilRows(of: className, in: about.school) {
      conduct.append(
        ConductRow(
          pupil: pupil,
          level: reader.take(reader.cell(row, .value(.level)).level(), row, .value(.level), levels),
          excusedAbsences: reader.take(
            reader.cell(row, .value(.excused)).count,
            row,
            .value(.excused),
            count
          ),
          unexcusedAbsences: reader.take(
            reader.cell(row, .value(.unexcused)).count,
            row,
            .value(.unexcused),
            count
          ),
          comment: reader.text(row, .comment)
        )
      )
    }
    about.problems += reader.problems
  }

  private mutating func readSubject(_ subject: Subject, _ sheet: Sheet) {
    let found = SheetReader(sheet, file: about.file, MarkColumn.layout, &about.problems)
    guard var reader = found, let offering = subject.offerings[grade] else { return }
    let isScored = subject.kind == .scored
    let required =
      isScored
      ? Circular22.Article06.requiredScores(lessonsPerYear: offering.lessonsPerYear)
      : Circular22.Article06.requiredComments
    var rows: [MarkRow] = []
    let pupils = reader.pupilRows(of: className, in: about.school)
    let columns = reader.regularColumns
    let isOneUnknown = reader.problems.all.contains { $0.reason == .columnUnknown }
    if (1..<required).contains(columns.count), !isOneUnknown {
      let expected = "đủ \(required) cột ĐĐGtx (Điều 6 Thông tư 22/2021)"
      reader.report(reader.table.headerRow, nil, expected, .columnMissing)
    }
    checkTitle(of: sheet, above: reader.table.headerRow, subject)
    for (row, pupil) in pupils {
      let marks =
        isScored ? reader.scored(row, columns, required) : reader.comments(row, columns, required)
      rows.append(MarkRow(pupil: pupil, marks: marks, comment: reader.text(row, .comment)))
    }
    reader.reportSurplus(rows: pupils.map(\.row), columns, required)
    about.problems += reader.problems
    subjects.append(SubjectMarks(subject: subject.code, rows: rows))
  }
}

extension MarkBookReader {
  /// Reports a title that names another subject, as on a sheet that was copied.
  fileprivate mutating func checkTitle(
    of sheet: Sheet,
    above headerRow: Int,
    _ subject: Subject
  ) {
    for row in sheet.rows.keys.sorted() where row < headerRow {
      for (column, cell) in sheet.rows[row] ?? [:] where cell.shown.utf8.count <= 500 {
        guard let match = cell.shown.plain.wholeMatch(of: subjectTitle),
          let named = names.subject(key: String(match.1).key), named.code != subject.code
        else { continue }
        about.problems.append(
          Problem(
            file: about.file,
            sheet: sheet.name.cleaned,
            row: row,
            column: columnLetters(column),
            found: cell.shown,
            expected: "môn \(subject.name) như tên trang tính",
            reason: .subjectMismatch
          )
        )
      }
    }
  }
}

extension SheetReader<PupilColumn<MarkColumn>> {
  /// The columns of regular marks in the order of their numbers.
  fileprivate var regularColumns: [Int] {
    let columns = (table.columns[.value(.regular)] ?? []).map { (number: number($0), column: $0) }
    return columns.sorted { $0 < $1 }.map(\.column)
  }

  private func number(_ column: Int) -> Int {
    for row in (table.headerRow..<table.firstRow).reversed() {
      let digits = sheet[row, column]?.shown.filter { $0.isASCII && $0.isNumber } ?? ""
      if let number = Int(digits) { return number }
    }
    return 0
  }

  fileprivate mutating func scored(
    _ row: Int,
    _ columns: [Int],
    _ required: Int
  ) -> Circular22.SubjectMarks {
    let expected = "điểm từ 0 đến 10, nhiều nhất một chữ số thập phân; chưa có thì để trống"
    let marks = marks(row, columns, required, expected) { $0.score }
    let average = Circular22.Article09.termAverage(marks, required: required)
    let filled = cell(row, .value(.average)).average
    if let average, let filled, filled != average {
      report(row, .value(.average), "\(average.vietnameseText) hoặc để trống", .averageMismatch)
    }
    return .scored(marks, required: required)
  }

  fileprivate mutating func comments(
    _ row: Int,
    _ columns: [Int],
    _ required: Int
  ) -> Circular22.SubjectMarks {
    let expected = "Đ hoặc CĐ; chưa có thì để trống"
    let marks: TermMarks<CommentLevel> = marks(row, columns, required, expected) { $0.level() }
    let filled: CellReading<CommentLevel> = cell(row, .value(.average)).level()
    if let result = Circular22.Article09.termResult(marks), case .value(let level) = filled,
      level != result
    {
      report(row, .value(.average), "\(result.rawValue) hoặc để trống", .averageMismatch)
    }
    return .comments(marks)
  }

  private mutating func marks<Value>(
    _ row: Int,
    _ columns: [Int],
    _ required: Int,
    _ expected: String,
    _ read: (Cell) -> CellReading<Value>
  ) -> TermMarks<Value> {
    var regular = columns.map { column -> MarkEntry<Value> in
      entry(row, column, expected, read)
    }
    if regular.count > required { regular.removeLast(regular.count - required) }
    while regular.count < required { regular.append(.notEntered) }
    return TermMarks(
      regular: regular,
      midTerm: entry(row, column(.value(.midTerm)), expected, read),
      endOfTerm: entry(row, column(.value(.endOfTerm)), expected, read)
    )
  }

  private mutating func entry<Value>(
    _ row: Int,
    _ column: Int?,
    _ expected: String,
    _ read: (Cell) -> CellReading<Value>
  ) -> MarkEntry<Value> {
    guard let column, let cell = sheet[row, column] else { return .notEntered }
    switch read(cell) {
    case .blank: return .notEntered
    case .value(let value): return .entered(value)
    case .wrong(let reason):
      report(row, column, expected + reason.advice, reason)
      return .notEntered
    }
  }

  /// Reports each column beyond the number of regular marks, once, at the first mark in it.
  fileprivate mutating func reportSurplus(rows: [Int], _ columns: [Int], _ required: Int) {
    for column in columns.dropFirst(required) {
      guard let row = rows.first(where: { sheet[$0, column].isFilled }) else { continue }
      let expected = "nhiều nhất \(required) cột ĐĐGtx ở môn này (Điều 6 Thông tư 22/2021)"
      report(row, column, expected, .markSurplus)
    }
  }
}

extension Problem.Reason {
  /// What to do instead, for words that say why there is no mark.
  var advice: String {
    switch self {
    case .markAbsent: " (vắng: kiểm tra bù rồi nhập điểm, hoặc nhập 0 khi không kiểm tra bù)"
    case .markExempt: " (miễn phần thực hành: đánh giá phần lí thuyết rồi nhập kết quả)"
    default: ""
    }
  }
}
