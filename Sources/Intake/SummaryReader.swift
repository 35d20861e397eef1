import Assessment
import Roster
package import Workbook

extension SummarySheet {
  /// Reads the summary of a primary class and period: subjects on one sheet, qualities and
  /// competencies on another.
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
    var about = ClassFile(workbook, file: file, school: school, level: .primary) { sheet in
      Table(in: sheet, SummarySheet.anyLayout)?.headerRow
    }
    if about.period == nil {
      let names = Period.allCases.map { $0.rawValue.uppercased() }.joined(separator: ", ")
      about.report("", "", "dòng tiêu đề có một trong: \(names)", .titleMissing)
    }
    guard let className = about.className, let grade = about.grade, let period = about.period else {
      throw about.problems
    }
    var reader = SummaryReader(about: about, className: className, grade: grade, period: period)
    let rows = reader.read(workbook)
    guard reader.about.problems.isEmpty else { throw reader.about.problems }
    self.init(className: className, year: school.year, period: period, rows: rows)
  }

  /// Any table of pupils: enough to find where the titles end.
  private static var anyLayout: Layout<PupilColumn<Int>> {
    Layout(pupilsWith: [], match: { _ in nil }, heading: { _ in "" })
  }
}

/// The columns of the sheet of subjects, besides the pupil's.
enum SubjectColumn: Hashable {
  case level(SubjectCode)
  case test(SubjectCode)
}

/// What a heading such as *Toán - Điểm KTĐK* ends in.
enum SubjectHeading {
  static let levels = ["mucdatduoc", "mucdat", "mdd"]
  static let tests = ["diemktdk", "diemkiemtradinhki", "diemkt", "ktdk", "diem"]

  static func isSheetName(_ key: String) -> Bool {
    ["monhoc", "cacmonhoc", "ketquamonhoc", "monhocvahdgd"].contains(key)
  }
}

private struct SummaryReader {
  var about: ClassFile
  let className: String
  let grade: Grade
  let period: Period
  private var rows: [SummaryRow] = []
  private var places: [String: Int] = [:]

  init(about: ClassFile, className: String, grade: Grade, period: Period) {
    self.about = about
    self.className = className
    self.grade = grade
    self.period = period
  }

  mutating func read(_ workbook: Workbook) -> [SummaryRow] {
    let visible = workbook.sheets.filter { !$0.isHidden }
    let subjects = visible.filter { SubjectHeading.isSheetName($0.name.key) }
    let traits = visible.filter { $0.name.key.contains("phamchat") }
    if let sheet = only(subjects, "Môn học") { readSubjects(sheet) }
    if let sheet = only(traits, "Phẩm chất, năng lực") { readTraits(sheet) }
    return rows
  }

  private mutating func only(_ sheets: [Sheet], _ name: String) -> Sheet? {
    if sheets.count == 1 { return sheets[0] }
    let reason: Problem.Reason = sheets.isEmpty ? .sheetMissing : .sheetDuplicate
    about.report("", "", "một trang tính «\(name)»", reason)
    return nil
  }

  private mutating func readSubjects(_ sheet: Sheet) {
    let found = SheetReader(sheet, file: about.file, subjectLayout, &about.problems)
    guard var reader = found else { return }
    let columns = reader.table.columns.keys.compactMap { key -> SubjectColumn? in
      if case .value(let column) = key { column } else { nil }
    }
    let tested = testedSubjects
    for (row, pupil) in reader.pupilRows(of: className, in: about.school) {
      edit(pupil, comment: reader.text(row, .comment)) { result in
        for column in columns {
          let cell = reader.cell(row, .value(column))
          switch column {
          case .level(let code):
            let level: SubjectLevel? = reader.take(
              cell.level(),
              row,
              .value(column),
              "T, H hoặc C; chưa có thì để trống"
            )
            result.levels[code] = level
          case .test(let code):
            let expected = "điểm nguyên từ 0 đến 10; chưa có thì để trống"
            let test = reader.take(cell.testScore, row, .value(column), expected)
            if test != nil, !tested.contains(code) {
              reader.report(row, .value(column), "để trống: kì này không kiểm tra", .markSurplus)
            }
            result.tests[code] = test
          }
        }
      }
    }
    about.problems += reader.problems
  }

  /// The subjects in which a test is due in this grade and period.
  private var testedSubjects: Set<SubjectCode> {
    let subjects = about.school.catalogue.subjects(in: grade)
    return Set(
      subjects.filter { $0.offerings[grade]?.testedPeriods.contains(period) ?? false }
        .map { $0.code }
    )
  }

  private var subjectLayout: Layout<PupilColumn<SubjectColumn>> {
    let school = about.school
    let grade = grade
    let names = SubjectNames(school, grade: grade)
    var required: [SubjectColumn] = []
    let taught = school.taught[className]
    for subject in school.catalogue.subjects(in: grade) {
      guard
        let offering = subject.offerings[grade],
        taught?.contains(subject.code) ?? !offering.isElective
      else { continue }
      required.append(.level(subject.code))
      if offering.testedPeriods.contains(period) { required.append(.test(subject.code)) }
    }
    var layout = Layout(
      pupilsWith: required,
      match: { key -> SubjectColumn? in
        for ending in SubjectHeading.levels where key.hasSuffix(ending) {
          let name = String(key.dropLast(ending.count))
          return names.subject(key: name).map { .level($0.code) }
        }
        for ending in SubjectHeading.tests where key.hasSuffix(ending) {
          let name = String(key.dropLast(ending.count))
          return names.subject(key: name).map { .test($0.code) }
        }
        return names.subject(key: key).map { .level($0.code) }
      },
      heading: { column in
        switch column {
        case .level(let code):
          "\(school.catalogue.subject(code, in: grade)?.name ?? "") - Mức đạt được"
        case .test(let code):
          "\(school.catalogue.subject(code, in: grade)?.name ?? "") - Điểm KTĐK"
        }
      }
    )
    layout.isSuspicious = { key in
      (SubjectHeading.levels + SubjectHeading.tests).contains { key.hasSuffix($0) }
    }
    return layout
  }

  private mutating func readTraits(_ sheet: Sheet) {
    let traits = Trait.assessed(in: grade)
    let layout = Layout(
      pupilsWith: traits,
      match: { key in Trait.allCases.first { $0.names.contains { $0.key == key } } },
      heading: { $0.name }
    )
    let found = SheetReader(sheet, file: about.file, layout, &about.problems)
    guard var reader = found else { return }
    for (row, pupil) in reader.pupilRows(of: className, in: about.school) {
      edit(pupil, comment: reader.text(row, .comment)) { result in
        for trait in traits {
          let level: TraitLevel? = reader.take(
            reader.cell(row, .value(trait)).level(),
            row,
            .value(trait),
            "T, Đ hoặc C; chưa có thì để trống"
          )
          result.traits[trait] = level
        }
      }
    }
    about.problems += reader.problems
  }

  /// Changes the row of a pupil, which the two sheets share.
  private mutating func edit(
    _ pupil: String,
    comment: String?,
    _ change: (inout SummaryRow) -> Void
  ) {
    let place = places[pupil] ?? rows.count
    if place == rows.count {
      places[pupil] = place
      rows.append(SummaryRow(pupil: pupil))
    }
    // Both sheets may have remarks, and none is lost.
    if let comment, comment != rows[place].comment {
      rows[place].comment = [rows[place].comment, comment].compactMap { $0 }.joined(separator: " ")
    }
    change(&rows[place])
  }
}
