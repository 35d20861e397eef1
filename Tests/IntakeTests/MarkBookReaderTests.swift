import Assessment
import Intake
import Roster
import Testing
import Workbook

/// What a spreadsheet of other settings makes of `8.5`.
private let mayEighth = CivilDate("2022-05-08").map { Cell.date($0) }

@Suite("Mark books")
struct MarkBookReaderTests {
  private let file = "so-diem-6A1-hk1.xlsx"
  private let workbook: Workbook
  private let school: KnownSchool

  init() throws {
    workbook = try District.markBook.get()
    school = try District.school.get()
  }

  private func problems(_ workbook: Workbook, file: String? = nil) -> [Problem] {
    IntakeTests.problems { () throws(Problems) in
      try MarkBook(workbook, file: file ?? self.file, school: school)
    }
  }

  private func marks(_ workbook: Workbook, _ subject: SubjectCode) throws -> MarkRow {
    let book = try MarkBook(workbook, file: file, school: school)
    return try #require(book.subjects.first { $0.subject == subject }?.rows.first)
  }

  @Test(arguments: [
    (Cell.text("8,5"), 85), (.text(" 7.0 "), 70), (.text("8."), 80), (.number("10"), 100),
    (.text("10"), 100), (.number("7.0999999999999996"), 71), (.number("8.3000000000000007"), 83),
    (.text("\u{A0}6,4\u{200B}"), 64), (.text("９，５"), 95), (.text("７．５"), 75), (.number("0"), 0),
    (.number("5.0E-1"), 5), (.text("8.50"), 85), (.text("10,0"), 100),
  ])
  func `take a mark as people type it`(cell: Cell, tenths: Int) throws {
    var changed = workbook
    changed["Toán", "E8"] = cell
    guard case .scored(let marks, _) = try marks(changed, "toan").marks else {
      Issue.record("not scored")
      return
    }
    #expect(marks.regular.first == Score(tenths: tenths).map { .entered($0) })
  }

  @Test(arguments: [
    "Đ", "đ", " Đ\u{A0}", "\u{D0}", "\u{F0}", "\u{189}", "Đạt", "ĐẠT", "Đa\u{323}t",
  ])
  func `take a level in any letters and spelling`(text: String) throws {
    var changed = workbook
    changed["Nghệ thuật", "E8"] = .text(text)
    guard case .comments(let marks) = try marks(changed, "nghe-thuat").marks else {
      Issue.record("not by comments")
      return
    }
    #expect(marks.regular.first == .entered(.passed))
  }

  @Test(arguments: [
    ("Toán", "E8", Cell.text("8,55"), "MARK_DECIMALS", "8,55"),
    ("Toán", "F9", .number("8.55"), "MARK_DECIMALS", "8.55"),
    ("Toán", "I8", .text("10,5"), "MARK_OUT_OF_RANGE", "10,5"),
    ("Toán", "J8", .number("11"), "MARK_OUT_OF_RANGE", "11"),
    ("Toán", "J8", .text("-1"), "MARK_OUT_OF_RANGE", "-1"),
    ("Toán", "H49", .text("tám"), "MARK_INVALID", "tám"),
    ("Toán", "H49", .text("8;5"), "MARK_INVALID", "8;5"),
    ("Toán", "H49", .text("8,5,1"), "MARK_INVALID", "8,5,1"),
    ("Toán", "H49", .text("1e1"), "MARK_INVALID", "1e1"),
    ("Toán", "H49", .boolean(true), "MARK_INVALID", "TRUE"),
    ("Toán", "H49", mayEighth, "MARK_INVALID", "08/05/2022"),
    ("Toán", "E10", .text("v"), "MARK_ABSENT", "v"),
    ("Toán", "E10", .text("Vắng"), "MARK_ABSENT", "Vắng"),
    ("Toán", "E10", .text("miễn"), "MARK_EXEMPT", "miễn"),
    ("Toán", "E10", .error("#DIV/0!"), "FORMULA_ERROR", "#DIV/0!"),
    ("Toán", "E10", .error("=A1+1"), "FORMULA_ERROR", "=A1+1"),
    ("Nghệ thuật", "E8", .text("K"), "LEVEL_INVALID", "K"),
    ("Nghệ thuật", "H9", .number("8"), "LEVEL_INVALID", "8"),
    ("Nghệ thuật", "H9", .text("M"), "MARK_EXEMPT", "M"),
    ("Rèn luyện", "E8", .text("G"), "LEVEL_INVALID", "G"),
    ("Rèn luyện", "F8", .text("-2"), "VALUE_INVALID", "-2"),
    ("Rèn luyện", "G8", .text("1,5"), "VALUE_INVALID", "1,5"),
    ("Toán", "B8", .text("7400999999"), "PUPIL_UNKNOWN", "7400999999"),
    ("Toán", "B8", .text("7400100203"), "PUPIL_OTHER_CLASS", "7400100203"),
    ("Toán", "B9", .text("7400100161"), "PUPIL_DUPLICATE", "7400100161"),
    ("Toán", "B9", nil, "PUPIL_CODE_INVALID", ""),
    ("Toán", "B49", nil, "PUPIL_CODE_INVALID", ""),
    ("Toán", "B9", .text("740010O162"), "PUPIL_CODE_INVALID", "740010O162"),
    ("Toán", "C8", .text("Huỳnh Tuấn Sang"), "NAME_MISMATCH", "Huỳnh Tuấn Sang"),
    ("Toán", "C8", nil, "VALUE_MISSING", ""),
    ("Toán", "D8", .text("03/02/2011"), "BIRTH_DATE_MISMATCH", "03/02/2011"),
    ("Toán", "D8", .text("31/02/2011"), "DATE_INVALID", "31/02/2011"),
    ("Toán", "K8", .number("9.9"), "AVERAGE_MISMATCH", "9.9"),
    ("Nghệ thuật", "I8", .text("CĐ"), "AVERAGE_MISMATCH", "CĐ"),
    ("Toán", "I7", .text("Giữa chừng"), "COLUMN_MISSING", ""),
    ("Toán", "H7", .text("Điểm miệng"), "COLUMN_UNKNOWN", "Điểm miệng"),
    ("Toán", "H7", nil, "COLUMN_UNKNOWN", ""),
    ("Toán", "M7", .text("ĐĐGgk"), "COLUMN_DUPLICATE", "ĐĐGgk"),
    (
      "Toán", "A3", .text("BẢNG ĐIỂM MÔN NGỮ VĂN - HỌC KÌ I"), "SUBJECT_MISMATCH",
      "BẢNG ĐIỂM MÔN NGỮ VĂN - HỌC KÌ I"
    ),
    ("Toán", "A4", .text("Năm học: 2022-2024"), "YEAR_MISMATCH", "Năm học: 2022-2024"),
  ])
  func `name the place of what is wrong`(
    sheet: String,
    cell: String,
    value: Cell?,
    reason: String,
    found: String
  ) throws {
    var changed = workbook
    changed[sheet, cell] = value
    let all = problems(changed)
    let problem = try #require(all.first { $0.reason.rawValue == reason }, "\(all)")
    #expect(problem.file == file)
    #expect(problem.sheet == sheet)
    #expect(problem.found == found)
    #expect(!problem.expected.isEmpty)
    let column = reason == "COLUMN_MISSING" ? String(cell.dropFirst()) : cell
    #expect(problem.column + String(problem.row) == column)
    // The code of another pupil of course brings a wrong name and birth date along.
    if reason != "PUPIL_OTHER_CLASS" { #expect(all.count == 1, "\(all)") }
  }

  @Test func `need a column for each regular mark of the term`() throws {
    var changed = workbook
    let index = try #require(changed.sheets.firstIndex { $0.name == "Toán" })
    for row in changed.sheets[index].rows.keys { changed.sheets[index][row, 8] = nil }
    let all = problems(changed)
    #expect(all.map(\.reason) == [.columnMissing])
    #expect(all.first?.expected == "đủ 4 cột ĐĐGtx (Điều 6 Thông tư 22/2021)")
  }

  @Test(arguments: ["HUỲNH TUẤN SƠN", "huynh tuan son", "Huỳnh Tuấn  Sơn"])
  func `take a name in any letters, not without its tones`(name: String) throws {
    var changed = workbook
    changed["Toán", "C8"] = .text(name)
    #expect(problems(changed).isEmpty == (name != "huynh tuan son"))
  }

  @Test func `take the tone of a name on either vowel`() throws {
    var school = school
    let pupil = try #require(school.pupils["7400100161"])
    school.pupils["7400100161"] = KnownSchool.Pupil(
      name: "Hoà Thuý",
      dateOfBirth: pupil.dateOfBirth,
      className: pupil.className
    )
    var changed = workbook
    for sheet in changed.sheets { changed[sheet.name, "C8"] = .text("Hòa Thúy") }
    #expect(try MarkBook(changed, file: file, school: school).subjects.count == 12)
  }

  @Test func `tell all problems at once, in the order of the sheets`() {
    var changed = workbook
    changed["Rèn luyện", "E8"] = .text("X")
    changed["Toán", "F20"] = .text("12")
    changed["Toán", "J8"] = .text("a")
    changed["Ngữ văn", "E9"] = .text("8,55")
    changed["Ngữ văn", "L9"] = .error("#N/A")
    let places = problems(changed).map { "\($0.sheet) \($0.column)\($0.row)" }
    #expect(places == ["Ngữ văn E9", "Ngữ văn L9", "Toán J8", "Toán F20", "Rèn luyện E8"])
  }

  @Test func `ignore columns that are no input`() throws {
    var changed = workbook
    changed["Toán", "M7"] = .text("ĐTBmcn")
    changed["Toán", "N7"] = .text("Ghi chú")
    changed["Toán", "M8"] = .number("11")
    changed["Toán", "N8"] = .error("#REF!")
    #expect(try marks(changed, "toan") == marks(workbook, "toan"))
  }

  @Test func `leave what is blank as not entered`() throws {
    var changed = workbook
    changed["Toán", "E8"] = nil
    changed["Toán", "I8"] = .text(" \u{A0} ")
    let marks = try marks(changed, "toan").marks
    guard case .scored(let scores, let required) = marks else {
      Issue.record("not scored")
      return
    }
    #expect(required == 4)
    #expect(scores.regular.count == 4)
    #expect(scores.regular[0] == .notEntered)
    #expect(scores.midTerm == .notEntered)
  }

  @Test func `find columns in any order and under other headings`() throws {
    var changed = workbook
    let before = try marks(workbook, "toan")
    let index = try #require(changed.sheets.firstIndex { $0.name == "Toán" })
    // Backwards, one row further down, headings in other letters.
    var rows: [Int: [Int: Cell]] = [:]
    for (row, cells) in changed.sheets[index].rows {
      for (column, cell) in cells {
        rows[row < 7 ? row : row + 1, default: [:]][row < 7 ? column : 20 - column] = cell
      }
    }
    for (column, heading) in [
      (18, "MÃ  HỌC SINH:"), (17, "Họ và tên."), (15, "ĐĐG TX 1"), (14, "tx2"),
      (10, "Điểm cuối kỳ"),
    ] {
      rows[8]?[column] = .text(heading)
    }
    changed.sheets[index].rows = rows
    #expect(try marks(changed, "toan") == before)
  }

  @Test func `read headings of two rows`() throws {
    var changed = workbook
    let before = try marks(workbook, "toan")
    let index = try #require(changed.sheets.firstIndex { $0.name == "Toán" })
    var sheet = changed.sheets[index]
    // Where a heading is wide for its own sake, the row below is a pupil's all the same.
    var wide = changed
    wide.sheets[index].merged.append(CellRange(rows: 7...7, columns: 12...13))
    wide["Toán", "B8"] = nil
    #expect(problems(wide).map { "\($0.column)\($0.row)" } == ["B8"])
    // A new row 8 under the headings pushes the pupils down.
    var rows: [Int: [Int: Cell]] = [:]
    for (row, cells) in sheet.rows { rows[row < 8 ? row : row + 1] = cells }
    for (column, number) in [(5, "1"), (6, "2"), (7, "3"), (8, "4")] {
      rows[7]?[column] = column == 5 ? .text("ĐĐGtx") : nil
      rows[8, default: [:]][column] = .number(number)
    }
    sheet.rows = rows
    sheet.merged += [CellRange(rows: 7...7, columns: 5...8)]
    changed.sheets[index] = sheet
    #expect(try marks(changed, "toan") == before)
    for column in [1, 2, 3, 4, 9, 10, 11, 12] {
      sheet.merged.append(CellRange(rows: 7...8, columns: column...column))
    }
    changed.sheets[index] = sheet
    #expect(try marks(changed, "toan") == before)
  }

  @Test func `skip blank rows, notes, totals and signatures`() throws {
    let before = try MarkBook(workbook, file: file, school: school)
    var changed = workbook
    let index = try #require(changed.sheets.firstIndex { $0.name == "Toán" })
    var rows: [Int: [Int: Cell]] = [:]
    for (row, cells) in changed.sheets[index].rows { rows[row < 20 ? row : row + 2] = cells }
    rows[60] = [2: .text("Tổng số: 42"), 5: .number("42")]
    rows[61] = [1: .text("Giỏi"), 9: .number("12")]
    rows[62] = [2: .text("Ghi chú: điểm kiểm tra lại ghi ở sổ riêng")]
    rows[63] = [2: .text("Người lập bảng"), 9: .text("Thuận An, ngày 5 tháng 1 năm 2023")]
    rows[64] = [9: .text("GIÁO VIÊN BỘ MÔN")]
    // As many digits as a code has, in the column of codes.
    rows[65] = [2: .text("Thuận An, ngày 31 tháng 12 năm 2022")]
    rows[66] = [2: .text("Ngày 31/12/2022")]
    rows[67] = [5: .text("GVBM"), 9: .text("GVCN"), 10: .text("HT")]
    changed.sheets[index].rows = rows
    #expect(try MarkBook(changed, file: file, school: school) == before)
  }

  @Test func `refuse more regular marks than the lessons of the subject allow`() throws {
    var changed = workbook
    changed["Tin học", "I7"] = .text("ĐĐGtx 3")
    #expect(problems(changed).isEmpty)
    changed["Tin học", "I12"] = .number("7")
    let problem = try #require(problems(changed).first)
    #expect(problem.reason == .markSurplus)
    #expect(problem.column == "I")
    #expect(problem.row == 12)
  }

  @Test func `find a subject by a name that was cut, decomposed or is the school's own`() throws {
    var changed = workbook
    for (from, to) in [
      ("Tiếng Anh", "TIẾNG  ANH"), ("Lịch sử và Địa lí", "Lịch sử và Địa lý"),
      ("Toán", "Toa\u{301}n"),
    ] {
      let index = try #require(changed.sheets.firstIndex { $0.name == from })
      changed.sheets[index].name = to
    }
    let book = try MarkBook(changed, file: file, school: school)
    #expect(
      book.subjects.map(\.subject.rawValue).sorted() == [
        "cong-nghe", "gdcd", "gddp", "gdtc", "hdtn-hn", "khoa-hoc-tu-nhien", "lich-su-dia-li",
        "nghe-thuat", "ngoai-ngu-1", "ngu-van", "tin-hoc", "toan",
      ]
    )
  }

  @Test func `report sheets of no subject or of one subject twice, not covers or hidden ones`() {
    var changed = workbook
    changed.sheets.insert(Sheet(name: "Bìa", rows: [1: [1: .text("SỔ ĐIỂM")]]), at: 0)
    var draft = workbook.sheets[1]
    draft.name = "Nháp"
    draft.isHidden = true
    changed.sheets.append(draft)
    #expect(problems(changed).isEmpty)
    draft.isHidden = false
    changed.sheets.append(draft)
    draft.name = "TOÁN"
    changed.sheets.append(draft)
    #expect(problems(changed).map(\.reason) == [.subjectUnknown, .sheetDuplicate])
  }

  @Test func `are of the class, year and term that titles and file name agree on`() throws {
    let book = try MarkBook(workbook, file: "bang diem.xlsx", school: school)
    #expect(book.className == "6A1")
    #expect(book.term == .first)
    #expect(book.year.description == "2022-2023")
    #expect(
      problems(workbook, file: "so-diem-6A2-hk1.xlsx").contains {
        $0.reason == .fileNameMismatch && $0.row == 4 && $0.column == "A"
          && $0.found.contains("6A1")
      }
    )
    #expect(
      problems(workbook, file: "so-diem-6A1-hk2.xlsx").map(\.reason)
        == Array(repeating: .fileNameMismatch, count: 13)
    )
    var changed = workbook
    changed["Toán", "A4"] = .text("Lớp: 6A1   Năm học: 2021-2022")
    #expect(problems(changed).map(\.reason) == [.yearMismatch])
    changed["Toán", "A4"] = .text("Lớp: 6A2   Năm học: 2022 – 2023")
    #expect(problems(changed).map(\.reason) == [.fileNameMismatch])
    #expect(problems(changed, file: "x.xlsx").map(\.reason) == [.titleMismatch])
    changed["Toán", "A4"] = nil
    changed["Toán", "A3"] = .text("BẢNG ĐIỂM MÔN TOÁN - HỌC KỲ 1")
    #expect(problems(changed).isEmpty)
  }

  @Test func `are refused without a class, a term or a table`() {
    #expect(
      problems(Workbook(sheets: []), file: "x.xlsx").map(\.reason) == [
        .titleMissing, .titleMissing,
      ]
    )
    #expect(
      problems(workbook, file: "so-diem-9Z9-hk1.xlsx").contains { $0.reason == .classUnknown }
    )
    var changed = workbook
    changed["Toán", "B7"] = .text("Số")
    #expect(problems(changed).map(\.reason) == [.tableMissing])
  }
}
