import Intake
import TestTools
import Testing
import Workbook

@Suite("Garbage in workbooks")
struct GarbageTests {
  private static let cells: [Cell] = [
    .text(""), .text("\u{0}"), .text("Đ"), .text("Mã học sinh"), .text("7400100161"),
    .text(String(repeating: "9", count: 4_000)), .number("9e399"), .number("-0"), .number("x"),
    .number("99999999999999999999.99"), .number("1E-400"), .boolean(false), .error("#REF!"),
    .text("ĐĐGtx 99999999999999999999"), .text("Lớp: 6A1/1/1 hk1 2022-2022"), .text("8,,5"),
  ]

  @Test func `is reported or ignored and never crashes`() throws {
    var generator = SplitMix(seed: 20_220_905)
    let school = try District.school.get()
    let primarySchool = try District.primarySchool.get()
    let sources = [
      try District.markBook.get(), try District.roster.get(),
      try District.workbook(primary, "tong-hop-2-1-cn.xlsx"),
    ]
    var refused = 0
    for round in 0..<60 {
      var workbook = sources[round % 3]
      workbook.sheets = Array(workbook.sheets.suffix(4))
      for index in workbook.sheets.indices {
        for _ in 0..<20 {
          let row = Int.random(in: 1...60, using: &generator)
          let column = Int.random(in: 1...14, using: &generator)
          workbook.sheets[index][row, column] = Self.cells.randomElement(using: &generator)
        }
        let rows = Int.random(in: 1...10, using: &generator)
        let range = CellRange(rows: rows...(rows + 3), columns: rows...(rows + 2_000))
        workbook.sheets[index].merged.append(range)
      }
      let spoiled = workbook
      _ = WorkbookKind(spoiled)
      let found =
        problems { () throws(Problems) in
          try MarkBook(spoiled, file: "so-diem-6A1-hk1.xlsx", school: school)
        }
        + problems { () throws(Problems) in
          try SummarySheet(spoiled, file: "tong-hop-2-1-cn.xlsx", school: primarySchool)
        }
        + problems { () throws(Problems) in
          try SchoolRoster(spoiled, file: "", catalogue: District.catalogue)
        }
      refused += found.isEmpty ? 0 : 1
    }
    #expect(refused == 60)
  }
}
