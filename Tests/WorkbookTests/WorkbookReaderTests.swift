import Roster
import Testing
import Workbook

@Suite("Reading workbooks")
struct WorkbookReaderTests {
  private func sheet(
    _ data: String,
    strings: String? = nil,
    styles: String? = nil,
    properties: String = "",
    target: String = "worksheets/sheet1.xml"
  ) throws -> Sheet {
    let writer = PackageWriter(
      sheet: data,
      strings: strings,
      styles: styles,
      properties: properties,
      target: target
    )
    return try #require(try Workbook.read(writer.bytes).sheets.first)
  }

  @Test func `reads every sample workbook`() throws {
    let files = try Samples.workbooks
    #expect(files.count == 22)
    for file in files {
      let workbook = try Workbook.read(try Samples.bytes(file))
      #expect(workbook.sheets.count >= 2)
      #expect(workbook.sheets.allSatisfy { $0.rows.count > 3 })
    }
  }

  @Test func `keeps what was typed, blanks and all`() throws {
    let workbook = try Workbook.read(try Samples.bytes("74725501/so-diem-6A1-hk1.xlsx"))
    let sheet = try #require(workbook.sheets.first)
    #expect(sheet.name == "Ngữ văn")
    #expect(sheet[8, 5] == .number("6.4"))
    #expect(sheet[9, 5] == .text(" 4.0 "))
    #expect(sheet[8, 11] == nil)
    #expect(sheet.merged.contains(CellRange(rows: 1...1, columns: 1...12)))
  }

  @Test func `knows every type of cell`() throws {
    let sheet = try sheet(
      """
      <sheetData><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>7.0999999999999996</v></c>\
      <c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#DIV/0!</v></c>\
      <c r="E2" t="str"><f>A1&amp;B1</f><v>Đ</v></c><c r="F2"><f>SUM(A1:B1)</f></c>\
      <c r="G2" t="inlineStr"><is><r><t>Ti</t></r><r><t>ếng</t></r><rPh><t>x</t></rPh></is></c>\
      <c r="H2" s="3"/><c r="I2" t="d"><v>2011-02-03T00:00:00</v></c></row></sheetData>
      """,
      strings: "<si><t>không</t></si><si><r><t>có </t></r><r><t>hai</t></r><rPh><t>y</t></rPh></si>"
    )
    #expect(sheet[2, 1] == .text("có hai"))
    #expect(sheet[2, 2] == .number("7.0999999999999996"))
    #expect(sheet[2, 3] == .boolean(true))
    #expect(sheet[2, 4] == .error("#DIV/0!"))
    #expect(sheet[2, 5] == .text("Đ"))
    #expect(sheet[2, 6] == .error("=SUM(A1:B1)"))
    #expect(sheet[2, 7] == .text("Tiếng"))
    #expect(sheet[2, 8] == nil)
    #expect(sheet[2, 9] == CivilDate("2011-02-03").map { .date($0) })
  }

  @Test func `finds cells without references, with prefixes, and targets however written`() throws {
    let data = """
      <x:sheetData xmlns:x="u"><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>\
      <x:row r="5"><x:c r="C5"><x:v>3</x:v></x:c><x:c><x:v>4</x:v></x:c></x:row><x:row><x:c>\
      <x:v>5</x:v></x:c></x:row></x:sheetData>
      """
    for target in [
      "worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "../xl/./Worksheets/sheet1.xml",
    ] {
      let sheet = try sheet(data, target: target)
      #expect(
        sheet.rows == [
          1: [1: .number("1"), 2: .number("2")], 5: [3: .number("3"), 4: .number("4")],
          6: [1: .number("5")],
        ]
      )
    }
  }

  @Test(arguments: [
    ("1", 1900, 1, 1), ("59", 1900, 2, 28), ("61", 1900, 3, 1), ("36526", 2000, 1, 1),
    ("36585.75", 2000, 2, 29), ("40908", 2011, 12, 31), ("40574", 2011, 1, 31),
    ("401768", 2999, 12, 31),
  ])
  func `turns numbers in a date style into days`(
    serial: String,
    year: Int,
    month: Int,
    day: Int
  ) throws {
    let styles = """
      <numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>\
      <cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>\
      <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>
      """
    let sheet = try sheet(
      """
      <sheetData><row r="1"><c r="A1" s="1"><v>\(serial)</v></c><c r="B1" s="2"><v>\(serial)</v></c>\
      <c r="C1" s="0"><v>\(serial)</v></c></row></sheetData>
      """,
      styles: styles
    )
    let expected = try #require(CivilDate(year: year, month: month, day: day))
    #expect(sheet[1, 1] == .date(expected))
    #expect(sheet[1, 2] == .date(expected))
    #expect(sheet[1, 3] == .number(serial))
  }

  @Test(arguments: ["60", "-1", "401769", "2958466", "1e3", "8.5x"])
  func `leaves a number that is no day as it is`(serial: String) throws {
    let sheet = try sheet(
      "<sheetData><row r='1'><c r='A1' s='0'><v>\(serial)</v></c></row></sheetData>",
      styles: "<cellXfs><xf numFmtId='14'/></cellXfs>"
    )
    #expect(sheet[1, 1] == .number(serial))
  }

  @Test func `counts from 1904 where the workbook says so`() throws {
    let sheet = try sheet(
      "<sheetData><row r='1'><c r='A1' s='0'><v>39112</v></c></row></sheetData>",
      styles: "<cellXfs><xf numFmtId='14'/></cellXfs>",
      properties: "<workbookPr date1904='1'/>"
    )
    #expect(sheet[1, 1] == CivilDate("2011-01-31").map { .date($0) })
  }

  @Test(arguments: [
    ("0.00", false), ("\"năm\" 0", false), ("[Red]0.0", false), ("\\d0", false), ("yyyy", true),
    ("[$-42A]d mmm", true),
  ])
  func `tells formats that show a day from those that do not`(code: String, isDate: Bool) throws {
    let escaped = code.replacing("\"", with: "&quot;")
    let sheet = try sheet(
      "<sheetData><row r='1'><c r='A1' s='0'><v>40574</v></c></row></sheetData>",
      styles: """
        <numFmts><numFmt numFmtId="165" formatCode="\(escaped)"/></numFmts>\
        <cellXfs><xf numFmtId="165"/></cellXfs>
        """
    )
    #expect((sheet[1, 1] == .number("40574")) != isDate)
  }

  @Test func `reads escaped characters back`() throws {
    let sheet = try sheet(
      """
      <sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a_x000A_b_x00_x005F_</t></is></c></row>\
      </sheetData>
      """
    )
    #expect(sheet[1, 1] == .text("a\nb_x00_"))
  }

  @Test(arguments: [(1, "A"), (26, "Z"), (27, "AA"), (28, "AB"), (702, "ZZ"), (16_384, "XFD")])
  func `names columns by letters`(column: Int, letters: String) {
    #expect(columnLetters(column) == letters)
  }
}
