import Assessment
import Intake
import Roster
import Testing
import Workbook

@Suite("Summaries of primary classes")
struct SummaryReaderTests {
  private let school: KnownSchool

  init() throws {
    school = try District.primarySchool.get()
  }

  private func problems(
    _ file: String,
    _ change: (inout Workbook) -> Void
  ) throws -> [Problem] {
    var workbook = try District.workbook(primary, file)
    change(&workbook)
    let changed = workbook
    return IntakeTests.problems { () throws(Problems) in
      try SummarySheet(changed, file: file, school: school)
    }
  }

  @Test(arguments: [
    ("Môn học", "E8", Cell.text("Đ"), "LEVEL_INVALID"),
    ("Môn học", "E8", .number("1"), "LEVEL_INVALID"),
    ("Môn học", "F8", .text("7,5"), "MARK_DECIMALS"),
    ("Môn học", "F8", .number("11"), "MARK_OUT_OF_RANGE"),
    ("Môn học", "F8", .text("vắng"), "MARK_ABSENT"),
    ("Môn học", "B8", .text("7400100161"), "PUPIL_UNKNOWN"),
    ("Môn học", "F7", .text("Tiếng Lào - Điểm KTĐK"), "COLUMN_UNKNOWN"),
    ("Phẩm chất, năng lực", "Q9", .text("H"), "LEVEL_INVALID"),
    ("Phẩm chất, năng lực", "E7", .text("Yêu"), "COLUMN_MISSING"),
    ("Phẩm chất, năng lực", "B9", .text("7400100084"), "PUPIL_DUPLICATE"),
  ])
  func `name the place of what is wrong`(
    sheet: String,
    cell: String,
    value: Cell,
    reason: String
  ) throws {
    let all = try problems("tong-hop-2-1-cn.xlsx") { $0[sheet, cell] = value }
    let problem = try #require(all.first { $0.reason.rawValue == reason }, "\(all)")
    #expect(problem.sheet == sheet)
    let place = reason == "COLUMN_MISSING" ? String(cell.dropFirst()) : cell
    #expect(problem.column + String(problem.row) == place)
  }

  @Test(arguments: ["T", "t", "Hoàn thành tốt", "HOÀN THÀNH TỐT "])
  func `take a level in any letters and spelling`(text: String) throws {
    let file = "tong-hop-1-1-ghk1.xlsx"
    var workbook = try District.workbook(primary, file)
    workbook["Môn học", "G8"] = .text(text)
    let sheet = try SummarySheet(workbook, file: file, school: school)
    #expect(sheet.rows[0].levels["dao-duc"] == .completedWell)
    #expect(sheet.period == .middleOfFirstTerm)
    #expect(sheet.className == "1/1")
    #expect(sheet.rows[0].comment == "Em có nhiều tiến bộ.")
  }

  @Test func `refuse a test where none is due`() throws {
    let all = try problems("tong-hop-1-1-ghk1.xlsx") { workbook in
      workbook["Môn học", "M7"] = .text("Toán - Điểm KTĐK")
      workbook["Môn học", "M9"] = .number("9")
    }
    #expect(all.map(\.reason) == [.markSurplus])
    #expect(all.map { $0.column + "\($0.row)" } == ["M9"])
  }

  @Test func `need the tests that are due`() throws {
    let all = try problems("tong-hop-1-1-cn.xlsx") { workbook in
      for row in 7...45 { workbook["Môn học", "F\(row)"] = nil }
    }
    #expect(all.map(\.reason) == [.columnMissing])
    #expect(all.map(\.expected) == ["cột «Tiếng Việt - Điểm KTĐK»"])
  }

  @Test func `read headings of two rows`() throws {
    let file = "tong-hop-2-1-cn.xlsx"
    var workbook = try District.workbook(primary, file)
    let before = try SummarySheet(workbook, file: file, school: school)
    var sheet = workbook.sheets[0]
    var rows: [Int: [Int: Cell]] = [:]
    for (row, cells) in sheet.rows { rows[row < 8 ? row : row + 1] = cells }
    for (first, subject) in [(5, "Tiếng Việt"), (7, "Toán")] {
      rows[7]?[first] = .text(subject)
      rows[7]?[first + 1] = nil
      rows[8, default: [:]][first] = .text("Mức đạt được")
      rows[8, default: [:]][first + 1] = .text("Điểm KTĐK")
      sheet.merged.append(CellRange(rows: 7...7, columns: first...(first + 1)))
    }
    sheet.rows = rows
    workbook.sheets[0] = sheet
    #expect(try SummarySheet(workbook, file: file, school: school) == before)
  }

  @Test func `do not take a class teacher for the end of the year`() throws {
    let all = try problems("tong-hop-2-1-ghk2.xlsx") { changed in
      changed["Phẩm chất, năng lực", "A3"] = .text("PHẨM CHẤT, NĂNG LỰC")
      changed["Phẩm chất, năng lực", "A5"] = .text("GV CN: Nguyễn Văn Tường")
    }
    #expect(all.isEmpty)
  }

  @Test func `are of the period that the title has`() throws {
    for (title, period) in [
      ("TỔNG HỢP GIỮA HỌC KÌ I", Period.middleOfFirstTerm), ("Cuối kỳ 1", .endOfFirstTerm),
      ("Kết quả giữa kì II", .middleOfSecondTerm), ("KẾT QUẢ CUỐI NĂM HỌC", .endOfYear),
    ] {
      // Periods without tests or with them: the file of the same kind.
      let source = [.endOfYear, .endOfFirstTerm].contains(period) ? "cn" : "ghk2"
      var workbook = try District.workbook(primary, "tong-hop-2-1-\(source).xlsx")
      workbook["Môn học", "A3"] = .text(title)
      workbook["Phẩm chất, năng lực", "A3"] = .text(title)
      #expect(try SummarySheet(workbook, file: "x.xlsx", school: school).period == period)
    }
    #expect(
      try problems("tong-hop-2-1-cn.xlsx") { $0.sheets.removeLast() }.map(\.reason) == [
        .sheetMissing
      ]
    )
  }
}
