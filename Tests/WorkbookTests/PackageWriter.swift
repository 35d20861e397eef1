import Foundation

/// Writes a workbook part by part, as no decent program would.
///
/// The zip archive is written without compression, so that tests see every byte of it.
struct PackageWriter {
  var parts: [(name: String, data: [UInt8])] = []

  static let types = """
    <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>
    """
  static let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

  /// A workbook with one sheet, whose `sheetData` and what follows it are given.
  init(
    sheet: String,
    strings: String? = nil,
    styles: String? = nil,
    properties: String = "",
    target: String = "worksheets/sheet1.xml"
  ) {
    let kind = Self.relationships
    let texts = [
      ("[Content_Types].xml", Self.types),
      ("_rels/.rels", links([("rId1", "officeDocument", "xl/workbook.xml")])),
      (
        "xl/workbook.xml",
        """
        <workbook xmlns:r="\(kind)">\(properties)<sheets><sheet name="Toán" r:id="rId1"/></sheets>\
        </workbook>
        """
      ),
      (
        "xl/_rels/workbook.xml.rels",
        links([
          ("rId1", "worksheet", target), ("rId2", "sharedStrings", "sharedStrings.xml"),
          ("rId3", "styles", "styles.xml"),
        ])
      ),
      ("xl/worksheets/sheet1.xml", "<worksheet>\(sheet)</worksheet>"),
      ("xl/sharedStrings.xml", "<sst>\(strings ?? "")</sst>"),
      ("xl/styles.xml", "<styleSheet>\(styles ?? "")</styleSheet>"),
    ]
    parts = texts.map { ($0, Array($1.utf8)) }
  }

  private func links(_ all: [(String, String, String)]) -> String {
    let each = all.map { id, kind, target in
      "<Relationship Id=\"\(id)\" Type=\"\(Self.relationships)/\(kind)\" Target=\"\(target)\"/>"
    }
    return "<Relationships>\(each.joined())</Relationships>"
  }

  mutating func replace(_ name: String, _ text: String) {
    parts = parts.map { $0.name == name ? (name, Array(text.utf8)) : $0 }
  }

  /// The archive: local headers with stored data, then the central directory.
  var bytes: [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, data) in parts {
      let sums = number(checksum(data), 4) + number(data.count, 4) + number(data.count, 4)
      let sizes = number(name.utf8.count, 2) + number(0, 2)
      let common = number(20, 2) + number(0x800, 2) + number(0, 2) + number(0, 4) + sums + sizes
      directory += number(0x0201_4B50, 4) + number(20, 2) + common
      directory += number(0, 10) + number(archive.count, 4) + name.utf8
      archive += number(0x0403_4B50, 4) + common + name.utf8 + data
    }
    let counts = number(parts.count, 2) + number(parts.count, 2)
    let place = number(directory.count, 4) + number(archive.count, 4)
    return archive + directory + number(0x0605_4B50, 4) + number(0, 4) + counts + place
      + number(0, 2)
  }

  private func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
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
