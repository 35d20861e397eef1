import Assessment
import Foundation
import Intake
import Roster
import TestTools
import Testing
import Workbook

/// Files that another program writes.
@Suite("Files written by openpyxl")
struct OpenpyxlTests {
  /// Opens the sample mark book, runs lines of Python on its `wb`, and reads what that saves.
  private func changed(_ lines: String) throws -> Workbook {
    let source = Repository.district.appending(path: "\(lowerSecondary)/so-diem-6A1-hk1.xlsx").path
    let target = FileManager.default.temporaryDirectory
      .appending(path: "hocba-\(UUID().uuidString).xlsx")
    defer { try? FileManager.default.removeItem(at: target) }
    let script = """
      import sys, datetime, openpyxl
      from openpyxl.styles import Font
      wb = openpyxl.load_workbook(sys.argv[1])
      \(lines)
      wb.save(sys.argv[2])
      """
    let made = try Shell.run([Shell.python, "-c", script, source, target.path])
    try #require(made.status == 0, "\(made.output)")
    return try Workbook.read([UInt8](try Data(contentsOf: target)))
  }

  private func book(_ workbook: Workbook) throws(Problems) -> MarkBook {
    guard case .success(let school) = District.school else { throw Problems([]) }
    return try MarkBook(workbook, file: "so-diem-6A1-hk1.xlsx", school: school)
  }

  @Test func `with shared strings, rich text, dates and headings of two rows`() throws {
    let workbook = try changed(
      """
      for ws in wb:
          for row in ws.iter_rows(min_row=8, max_row=49, min_col=4, max_col=4):
              row[0].value = datetime.datetime.strptime(row[0].value, '%d/%m/%Y')
              row[0].number_format = 'DD/MM/YYYY'
      ws = wb['Toán']
      ws.insert_rows(8)
      for column in 'ABCDIJKL':
          ws.merge_cells(f'{column}7:{column}8')
      for column, number in zip('EFGH', '1234'):
          ws[f'{column}7'] = None
          ws[f'{column}8'] = int(number)
      ws['E7'] = 'Điểm đánh giá thường xuyên'
      ws.merge_cells('E7:H7')
      from openpyxl.cell.rich_text import CellRichText, TextBlock
      from openpyxl.cell.text import InlineFont
      ws['C9'] = CellRichText('Huỳnh ', TextBlock(InlineFont(b=True), 'Tuấn'), ' Sơn')
      wb.create_sheet('Bìa', 0)['A1'] = 'SỔ ĐIỂM'
      """
    )
    #expect(try book(workbook) == book(try District.markBook.get()))
  }

  @Test func `with mistakes in several sheets, each in its place`() throws {
    let workbook = try changed(
      """
      wb['Toán']['E8'] = '=1/0'
      wb['Toán']['F9'] = 10.5
      wb['Ngữ văn']['J49'] = datetime.date(2022, 5, 8)
      wb['Nghệ thuật']['G10'] = 'Giỏi'
      wb['Rèn luyện']['E11'] = 'Tot'
      wb['Rèn luyện']['B12'] = 7400100165
      """
    )
    let places = problems { () throws(Problems) in try book(workbook) }.map {
      "\($0.sheet) \($0.column)\($0.row) \($0.found) \($0.reason.rawValue)"
    }
    #expect(
      places == [
        "Ngữ văn J49 08/05/2022 MARK_INVALID", "Toán E8 =1/0 FORMULA_ERROR",
        "Toán F9 10.5 MARK_OUT_OF_RANGE", "Nghệ thuật G10 Giỏi LEVEL_INVALID",
      ]
    )
  }
}
