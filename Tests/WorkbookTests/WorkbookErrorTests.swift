import Foundation
import TestTools
import Testing
import Workbook

@Suite("What is refused as a workbook")
struct WorkbookErrorTests {
  private func reason(
    _ bytes: [UInt8],
    limits: WorkbookLimits = .init()
  ) -> WorkbookError.Reason? {
    do throws(WorkbookError) {
      _ = try Workbook.read(bytes, limits: limits)
      return nil
    } catch {
      return error.reason
    }
  }

  private func reason(sheet: String, limits: WorkbookLimits = .init()) -> WorkbookError.Reason? {
    reason(PackageWriter(sheet: sheet).bytes, limits: limits)
  }

  @Test func `is an empty file, another format, or a locked one`() {
    let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    #expect(reason([]) == .empty)
    #expect(reason(Array("%PDF-1.7".utf8)) == .notWorkbook)
    #expect(reason(Array("PK".utf8)) == .notWorkbook)
    #expect(reason(compound) == .legacyFormat)
    #expect(reason(compound + "EncryptedPackage".utf8.flatMap { [$0, UInt8(0)] }) == .encrypted)
    var document = PackageWriter(sheet: "")
    document.parts.removeAll { $0.name == "_rels/.rels" }
    #expect(reason(document.bytes) == .notWorkbook)
  }

  @Test(arguments: [
    "<row r='1'><c r='A1'><v>1</v></row>", "<row r='0'><c><v>1</v></c></row>",
    "<row r='1048577'><c><v>1</v></c></row>", "<row r='99999999999999999999'/>",
    "<row r='1'><c r='XFE1'><v>1</v></c></row>", "<row r='1'><c r='1A'><v>1</v></c></row>",
    "<row r='1'><c t='s'><v>0</v></c></row>", "<row r='1'><c t='s'><v>-1</v></c></row>",
    "<c><v>1</v></c>",
  ])
  func `is a sheet that breaks the format`(rows: String) {
    #expect(reason(sheet: "<sheetData>\(rows)</sheetData>") == .damaged)
  }

  @Test func `is a document type or an entity`() {
    var writer = PackageWriter(sheet: "")
    writer.replace(
      "xl/worksheets/sheet1.xml",
      """
      <!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\
      <worksheet><sheetData><row r="1"><c t="str"><v>&b;</v></c></row></sheetData></worksheet>
      """
    )
    #expect(reason(writer.bytes) == .forbiddenXML)
    writer.replace("xl/worksheets/sheet1.xml", "<!DOCTYPE w SYSTEM 'file:///etc/passwd'><w/>")
    #expect(reason(writer.bytes) == .forbiddenXML)
  }

  @Test func `is more than the limits allow`() {
    let cells = "<sheetData><row r='1'><c><v>1</v></c><c><v>2</v></c></row></sheetData>"
    var limits = WorkbookLimits()
    limits.cells = 1
    #expect(reason(sheet: cells, limits: limits) == .tooLarge)
    limits = .init()
    limits.unpackedSize = 500
    #expect(reason(sheet: cells, limits: limits) == .tooLarge)
    limits = .init()
    limits.entries = 3
    #expect(reason(sheet: cells, limits: limits) == .tooLarge)
    limits = .init()
    limits.fileSize = 100
    #expect(reason(sheet: cells, limits: limits) == .tooLarge)
    limits = .init()
    limits.cellBytes = 4
    let text = "<sheetData><row r='1'><c t='str'><v>abcde</v></c></row></sheetData>"
    #expect(reason(sheet: text, limits: limits) == .tooLarge)
  }

  @Test func `is a small file that unpacks to a large one`() throws {
    let target = FileManager.default.temporaryDirectory
      .appending(path: "hocba-\(UUID().uuidString).xlsx")
    defer { try? FileManager.default.removeItem(at: target) }
    let script = """
      import sys, zipfile
      source = zipfile.ZipFile(sys.argv[1])
      with zipfile.ZipFile(sys.argv[2], 'w', zipfile.ZIP_DEFLATED) as target:
          for name in source.namelist():
              text = source.read(name)
              target.writestr(name, text + b' ' * (40 << 20) if 'sheet1' in name else text)
      """
    let source = Repository.district.appending(path: "74725101/tong-hop-1-1-cn.xlsx").path
    let made = try Shell.run([Shell.python, "-c", script, source, target.path])
    try #require(made.status == 0, "\(made.output)")
    #expect(reason([UInt8](try Data(contentsOf: target))) == .tooLarge)
  }

  @Test func `is a file cut short at any place`() throws {
    let whole = try Samples.bytes("74725101/tong-hop-1-1-cn.xlsx")
    for length in stride(from: 1, to: whole.count, by: 97) {
      let refused = reason(Array(whole.prefix(length)))
      #expect(refused != nil)
    }
  }

  @Test func `never crashes, whatever bytes are changed`() throws {
    let sample = try Samples.bytes("74725101/tong-hop-1-1-ghk1.xlsx")
    let writer = PackageWriter(
      sheet: "<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c></row></sheetData>",
      strings: "<si><t>x</t></si>",
      styles: "<cellXfs><xf numFmtId='14'/></cellXfs>"
    )
    var generator = SplitMix(seed: 20_260_101)
    var refusals = 0
    for round in 0..<4_000 {
      var bytes: [UInt8]
      switch round % 20 {
      case 0:
        bytes = sample
        spoil(&bytes, &generator)
      case 1...5:
        bytes = writer.bytes
        spoil(&bytes, &generator)
      default:
        // Changed before the checksum is made, so that the change reaches the parser.
        var spoiled = writer
        spoil(&spoiled.parts[1 + Int(generator.next() % 6)].data, &generator)
        bytes = spoiled.bytes
      }
      if reason(bytes) != nil { refusals += 1 }
    }
    #expect(refusals > 1_000)
  }

  private func spoil(_ bytes: inout [UInt8], _ generator: inout SplitMix) {
    for _ in 0...Int(generator.next() % 4) {
      let place = Int(generator.next() % UInt64(bytes.count))
      // Mostly characters that mean something to the format.
      let telling = Array("<>/=\"' &;0123456789sbe-ABr!".utf8)
      let pick = Int(generator.next() % 32)
      bytes[place] =
        pick < telling.count ? telling[pick] : UInt8(truncatingIfNeeded: generator.next())
    }
  }

  @Test func `is said in Vietnamese with the part at fault`() {
    for reason in [WorkbookError.Reason.empty, .encrypted, .damaged, .tooLarge] {
      #expect(WorkbookError(reason).message.hasPrefix("Tệp"))
    }
    #expect(WorkbookError(.damaged, part: "xl/workbook.xml").message.contains("(xl/workbook.xml)"))
  }
}
