import Intake
import Roster
import Testing
import Workbook

@Suite("A school's own file")
struct RosterReaderTests {
  private let workbook: Workbook

  init() throws {
    workbook = try District.roster.get()
  }

  private func problems(_ workbook: Workbook) -> [Problem] {
    IntakeTests.problems { () throws(Problems) in
      try SchoolRoster(workbook, file: "ho-so-truong.xlsx", catalogue: District.catalogue)
    }
  }

  @Test func `skips legends, totals and signatures below a table`() throws {
    var changed = workbook
    for sheet in ["Nhân sự", "Lớp", "Học sinh", "Phân công"] {
      changed[sheet, "B95"] = .text("Cộng: 2")
      for (cell, text) in [("A96", "Ghi chú:"), ("B96", "T: Tốt"), ("C96", "Đ: Đạt")] {
        changed[sheet, cell] = .text(text)
      }
      changed[sheet, "D97"] = .text("Thuận An, ngày 31 tháng 5 năm 2023")
      for (cell, text) in [
        ("A98", "GVCN"), ("B98", "Người lập"), ("C98", "Văn thư"), ("D98", "Hiệu trưởng"),
      ] {
        changed[sheet, cell] = .text(text)
      }
    }
    #expect(problems(changed).isEmpty)
  }

  @Test(arguments: [
    ("Nhân sự", "B6", Cell.text("74725501-001"), "VALUE_DUPLICATE"),
    ("Nhân sự", "B12", nil, "VALUE_MISSING"),
    ("Nhân sự", "C12", nil, "VALUE_MISSING"),
    ("Nhân sự", "D6", .text("12/13/1973"), "DATE_INVALID"),
    ("Nhân sự", "D6", .number("26000"), "DATE_INVALID"),
    ("Nhân sự", "E33", .text("Gái"), "VALUE_INVALID"),
    ("Nhân sự", "F6", .text("07407398734"), "PERSONAL_ID_INVALID"),
    ("Nhân sự", "F6", .text("074173987344"), "PERSONAL_ID_MISMATCH"),
    ("Nhân sự", "F6", .text("074074987344"), "PERSONAL_ID_MISMATCH"),
    ("Nhân sự", "G6", .text("Giám đốc"), "VALUE_INVALID"),
    ("Nhân sự", "H6", .text("khoa.mau.edu.vn"), "VALUE_INVALID"),
    ("Lớp", "B6", .text("6a1"), "VALUE_DUPLICATE"),
    ("Lớp", "B6", CivilDate("2022-02-01").map { .date($0) }, "VALUE_INVALID"),
    ("Lớp", "C6", .number("10"), "VALUE_INVALID"),
    ("Lớp", "C6", .number("7"), "VALUE_INVALID"),
    ("Lớp", "D6", .text("2023-2024"), "YEAR_MISMATCH"),
    ("Lớp", "D6", .text("2022"), "VALUE_INVALID"),
    ("Lớp", "E6", .text("74725501-099"), "STAFF_UNKNOWN"),
    ("Học sinh", "B6", .text("7400100161"), "PUPIL_DUPLICATE"),
    ("Học sinh", "B6", .text("740010016"), "PUPIL_CODE_INVALID"),
    ("Học sinh", "B6", nil, "VALUE_MISSING"),
    ("Học sinh", "B85", nil, "VALUE_MISSING"),
    ("Học sinh", "F6", .text("Sao Hoả"), "VALUE_INVALID"),
    ("Học sinh", "H6", .text("074211268182"), "VALUE_DUPLICATE"),
    ("Học sinh", "I6", .text("6A9"), "CLASS_UNKNOWN"),
    ("Học sinh", "M6", .text("Đi vắng"), "VALUE_INVALID"),
    ("Học sinh", "M6", .error("#REF!"), "FORMULA_ERROR"),
    ("Học sinh", "H4", nil, "COLUMN_UNKNOWN"),
    ("Học sinh", "M4", .text("Ghi chú"), "COLUMN_MISSING"),
    ("Phân công", "A6", .text("toan-cao-cap"), "SUBJECT_UNKNOWN"),
    ("Phân công", "A6", .text("tieng-viet"), "SUBJECT_UNKNOWN"),
    ("Phân công", "A6", nil, "VALUE_MISSING"),
    ("Phân công", "B6", .text("9A1"), "CLASS_UNKNOWN"),
    ("Phân công", "C6", .text("74725501-999"), "STAFF_UNKNOWN"),
    ("Phân công", "D6", .text("Ngữ văn"), "SUBJECT_MISMATCH"),
  ])
  func `names the place of what is wrong`(
    sheet: String,
    cell: String,
    value: Cell?,
    reason: String
  ) throws {
    var changed = workbook
    changed[sheet, cell] = value
    let all = problems(changed)
    let problem = try #require(all.first { $0.reason.rawValue == reason }, "\(all)")
    #expect(problem.sheet == sheet)
    let place = reason == "COLUMN_MISSING" ? String(cell.dropFirst()) : cell
    #expect(problem.column + String(problem.row) == place)
    #expect(!problem.expected.isEmpty)
  }

  @Test func `has one teacher for a subject in a class`() {
    var changed = workbook
    changed["Phân công", "A6"] = .text("ngu-van")
    changed["Phân công", "D6"] = .text("Ngữ văn")
    let all = problems(changed)
    #expect(all.map(\.reason) == [.valueDuplicate])
    #expect(all.map { $0.column + "\($0.row)" } == ["A6"])
  }

  @Test(arguments: [
    ("Kế toán - Văn thư", StaffPosition.accountant), ("Tạp vụ", .employee),
    ("Phó Hiệu trưởng phụ trách", .deputyPrincipal), ("GIÁO VIÊN - TỔ TRƯỞNG", .teacher),
    ("Thủ quỹ", .employee), ("Nhân viên y tế học đường", .healthWorker),
  ])
  func `knows an office by its beginning`(text: String, position: StaffPosition) throws {
    var changed = workbook
    changed["Nhân sự", "G9"] = .text(text)
    let roster = try SchoolRoster(changed, file: "x.xlsx", catalogue: District.catalogue)
    #expect(roster.staff[4].position == position)
  }

  @Test func `takes names of peoples and statuses with what schools add to them`() throws {
    var changed = workbook
    changed["Học sinh", "F5"] = .text("Chăm (Chàm)")
    changed["Học sinh", "F6"] = .text("Sán Chay (Cao Lan - Sán Chỉ)")
    changed["Học sinh", "M5"] = .text("Chuyển đến từ trường khác")
    changed["Học sinh", "M6"] = .text("Thôi học từ HKII")
    changed["Học sinh", "D6"] = .text("2011-05-14 00:00:00")
    changed["Lớp", "E5"] = .text("74725501–004")
    let roster = try SchoolRoster(changed, file: "x.xlsx", catalogue: District.catalogue)
    let before = try District.roster(lowerSecondary)
    #expect(roster.pupils[0].ethnicGroup.code == "17")
    #expect(roster.pupils[1].ethnicGroup.code == "15")
    #expect(roster.pupils[0].status == .transferredIn)
    #expect(roster.pupils[1].status == .droppedOut)
    #expect(roster.pupils[1].dateOfBirth == before.pupils[1].dateOfBirth)
    #expect(roster.classes == before.classes)
  }

  @Test func `is not confused by notes in the column of the codes or by hidden copies`() throws {
    var changed = workbook
    changed["Học sinh", "B90"] = .text("Thuận An, ngày 31 tháng 5 năm 2023")
    changed["Học sinh", "B91"] = .text("Ngày 31/05/2023")
    changed["Lớp", "B8"] = .text("Cộng: 2")
    var copy = try #require(changed.sheets.first { $0.name == "Lớp" })
    copy.name = "LỚP"
    copy.isHidden = true
    changed.sheets.append(copy)
    let roster = try SchoolRoster(changed, file: "x.xlsx", catalogue: District.catalogue)
    #expect(roster == (try District.roster(lowerSecondary)))
  }

  @Test func `puts back the zero of a code only where a province begins with it`() throws {
    var changed = workbook
    changed["Học sinh", "B5"] = .number("200100161")
    let roster = try SchoolRoster(changed, file: "x.xlsx", catalogue: District.catalogue)
    #expect(roster.pupils[0].code == "0200100161")
    changed["Học sinh", "B5"] = .number("740010016")
    #expect(problems(changed).map(\.reason) == [.pupilCodeInvalid])
  }

  @Test func `says once that a class became a day, and that one class is of another year`() {
    var changed = workbook
    for row in 5..<47 { changed["Học sinh", "I\(row)"] = .text("6A2") }
    changed["Lớp", "B5"] = CivilDate("2022-02-01").map { .date($0) }
    changed["Lớp", "C5"] = .number("6")
    for row in 5..<17 { changed["Phân công", "B\(row)"] = .text("1/2") }
    #expect(problems(changed).map { $0.column + "\($0.row)" } == ["B5"])
    changed = workbook
    changed["Lớp", "D5"] = .text("2023-2024")
    changed["Lớp", "B7"] = .text("6A3")
    changed["Lớp", "C7"] = .number("6")
    changed["Lớp", "D7"] = .text("2022-2023")
    changed["Lớp", "E7"] = .text("74725501-004")
    #expect(problems(changed).map { $0.column + "\($0.row)" } == ["D5"])
  }

  @Test func `keeps a thousand problems and counts the others`() throws {
    var changed = workbook
    for row in 100..<1600 {
      changed["Học sinh", "B\(row)"] = .text("74\(10_000_000 + row)")
      changed["Học sinh", "C\(row)"] = .text("An")
    }
    do throws(Problems) {
      _ = try SchoolRoster(changed, file: "x.xlsx", catalogue: District.catalogue)
      Issue.record("no problem")
    } catch {
      #expect(error.all.count == 1_000)
      // Date of birth, sex, people, class and status are missing in each row.
      #expect(error.count == 7_500)
      #expect(error.all.first?.row == 100)
    }
  }

  @Test func `needs its four sheets`() {
    var changed = workbook
    changed.sheets.removeAll { ["Lớp", "Phân công"].contains($0.name) }
    let missing = problems(changed).filter { $0.reason == .sheetMissing }.map(\.expected)
    #expect(missing == ["một trang tính «Lớp»", "một trang tính «Phân công»"])
  }

  @Test func `takes codes, dates and numbers as spreadsheets keep them`() throws {
    var changed = workbook
    changed["Học sinh", "B5"] = .number("7400100161")
    changed["Học sinh", "D5"] = CivilDate("2011-02-02").map { .date($0) }
    changed["Học sinh", "H5"] = .number("74211268182")
    changed["Học sinh", "K5"] = .number("915265849")
    changed["Học sinh", "F5"] = .text("khơ me")
    changed["Học sinh", "D6"] = .text("14-5-2011")
    changed["Lớp", "C5"] = .text("Khối 6")
    changed["Lớp", "D5"] = .text("2022 - 2023")
    let roster = try SchoolRoster(changed, file: "x.xlsx", catalogue: District.catalogue)
    let before = try District.roster(lowerSecondary)
    #expect(roster.pupils[0].code == before.pupils[0].code)
    #expect(roster.pupils[0].dateOfBirth == before.pupils[0].dateOfBirth)
    #expect(roster.pupils[0].personalID == before.pupils[0].personalID)
    #expect(roster.pupils[0].phone == before.pupils[0].phone)
    #expect(roster.pupils[0].ethnicGroup.code == "05")
    #expect(roster.pupils[1].dateOfBirth == before.pupils[1].dateOfBirth)
    #expect(roster.classes == before.classes)
  }

  @Test func `stores text composed, trimmed and with single spaces`() throws {
    var changed = workbook
    changed["Học sinh", "C5"] = .text(
      " Huy\u{300}nh\u{A0}\u{A0}Tua\u{302}\u{301}n\u{200B} So\u{31B}n\n"
    )
    let roster = try SchoolRoster(changed, file: "x.xlsx", catalogue: District.catalogue)
    #expect(Array(roster.pupils[0].name.unicodeScalars) == Array("Huỳnh Tuấn Sơn".unicodeScalars))
  }
}
