import Roster
import Workbook

/// Writes a workbook's values as a file, so that a test can spoil one cell of a real one.
struct SpreadsheetWriter {
  private var archive: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  static func file(_ workbook: Workbook) -> [UInt8] {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    var writer = SpreadsheetWriter()
    writer.add("_rels/.rels", links([("officeDocument", "xl/workbook.xml")], office))
    let names = workbook.sheets.enumerated().map { index, sheet in
      "<sheet name=\"\(escaped(sheet.name))\" r:id=\"rId\(index)\"/>"
    }
    writer.add(
      "xl/workbook.xml",
      "<workbook xmlns:r=\"\(office)\"><sheets>\(names.joined())</sheets></workbook>"
    )
    let targets = workbook.sheets.indices.map { ("worksheet", "worksheets/sheet\($0).xml") }
    writer.add("xl/_rels/workbook.xml.rels", links(targets, office))
    for (index, sheet) in workbook.sheets.enumerated() {
      writer.add("xl/worksheets/sheet\(index).xml", cells(sheet))
    }
    return writer.bytes
  }

  private static func cells(_ sheet: Sheet) -> String {
    let rows = sheet.rows.sorted { $0.key < $1.key }.map { row, cells in
      let written = cells.sorted { $0.key < $1.key }.map { column, cell in
        "<c r=\"\(letters(column))\(row)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
          + "\(escaped(text(cell)))</t></is></c>"
      }
      return "<row r=\"\(row)\">\(written.joined())</row>"
    }
    return "<worksheet><sheetData>\(rows.joined())</sheetData></worksheet>"
  }

  private static func text(_ cell: Cell) -> String {
    switch cell {
    case .text(let text), .number(let text), .error(let text): text
    case .date(let day): day.vietnameseText
    case .boolean(let value): "\(value)"
    }
  }

  private static func letters(_ column: Int) -> String {
    let last = String(UnicodeScalar(UInt8(65 + (column - 1) % 26)))
    return column > 26 ? letters((column - 1) / 26) + last : last
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }

  private static func links(_ all: [(kind: String, target: String)], _ office: String) -> String {
    let each = all.enumerated().map { index, link in
      "<Relationship Id=\"rId\(index)\" Type=\"\(office)/\(link.kind)\" Target=\"\(link.target)\"/>"
    }
    return "<Relationships>\(each.joined())</Relationships>"
  }

  /// Adds a part to the zip archive, without compression.
  private mutating func add(_ name: String, _ text: String) {
    let data = Array(text.utf8)
    let sums = number(checksum(data), 4) + number(data.count, 4) + number(data.count, 4)
    let sizes = number(name.utf8.count, 2) + number(0, 2)
    let common = number(20, 2) + number(0x800, 2) + number(0, 6) + sums + sizes
    directory += number(0x0201_4B50, 4) + number(20, 2) + common
    directory += number(0, 10) + number(archive.count, 4) + name.utf8
    archive += number(0x0403_4B50, 4) + common + name.utf8 + data
    count += 1
  }

  private var bytes: [UInt8] {
    let counts = number(count, 2) + number(count, 2)
    let place = number(directory.count, 4) + number(archive.count, 4)
    return archive + directory + number(0x0605_4B50, 4) + number(0, 4) + counts + place
      + number(0, 2)
  }

  private func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * min($0, 7))) }
  }

  private func checksum(_ data: [UInt8]) -> Int {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }
}
