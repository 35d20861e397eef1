extension Workbook {
  /// Reads an Excel workbook (`.xlsx`), whichever program wrote it.
  ///
  /// Formulas give their stored results. Nothing outside of `bytes` is touched.
  /// - Throws: what is wrong with the file; see ``WorkbookError/Reason``.
  package static func read(
    _ bytes: [UInt8],
    limits: WorkbookLimits = .init()
  ) throws(WorkbookError) -> Workbook {
    try checkSignature(bytes)
    let archive = try ZipArchive(bytes, limits: limits)
    var reader = WorkbookReader(archive: archive, limits: limits)
    return try reader.read()
  }

  /// Tells older and locked files from `.xlsx` by their first bytes.
  private static func checkSignature(_ bytes: [UInt8]) throws(WorkbookError) {
    guard !bytes.isEmpty else { throw WorkbookError(.empty) }
    if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      // A compound file holds either an old workbook or, under this name, an encrypted new one.
      let name: [UInt8] = "EncryptedPackage".utf8.reduce(into: []) { $0 += [$1, 0] }
      throw WorkbookError(bytes.firstRange(of: name) == nil ? .legacyFormat : .encrypted)
    }
    guard bytes.starts(with: [0x50, 0x4B]) else { throw WorkbookError(.notWorkbook) }
  }
}

/// Goes from the package's root to its sheets (ECMA-376, part 2).
private struct WorkbookReader: ~Copyable {
  private var archive: ZipArchive
  private let limits: WorkbookLimits
  private var cellBudget: Int

  init(archive: consuming ZipArchive, limits: WorkbookLimits) {
    self.archive = archive
    self.limits = limits
    cellBudget = limits.cells
  }

  mutating func read() throws(WorkbookError) -> Workbook {
    let root = try relationships(of: "")
    guard let main = root.first(where: { $0.kind == "officeDocument" })?.part else {
      throw WorkbookError(.notWorkbook)
    }
    var workbook = WorkbookPartParser()
    try parse(main) { event throws(WorkbookError) in workbook.handle(event) }
    guard !workbook.sheets.isEmpty else { throw WorkbookError(.notWorkbook, part: main) }
    guard workbook.sheets.count <= limits.sheets else {
      throw WorkbookError(.tooLarge, part: main)
    }

    let targets = try relationships(of: main)
    var context = SheetContext(dates: workbook.dates)
    if let part = targets.first(where: { $0.kind == "sharedStrings" })?.part {
      var strings = SharedStringsParser(part: part, limits: limits)
      try parse(part) { event throws(WorkbookError) in try strings.handle(event) }
      context.strings = strings.strings
    }
    if let part = targets.first(where: { $0.kind == "styles" })?.part {
      var styles = StylesParser()
      try parse(part) { event throws(WorkbookError) in styles.handle(event) }
      context.dateStyles = styles.dateStyles
    }

    var sheets: [Sheet] = []
    for listed in workbook.sheets {
      guard let target = targets.first(where: { $0.id == listed.relationship }) else {
        throw WorkbookError(.damaged, part: main)
      }
      // Sheets of charts and macros have no cells.
      guard target.kind == "worksheet" else { continue }
      var sheet = try cells(of: target.part, context)
      sheet.name = listed.name
      sheet.isHidden = listed.isHidden
      sheets.append(sheet)
    }
    return Workbook(sheets: sheets)
  }

  private mutating func cells(
    of part: String,
    _ context: SheetContext
  ) throws(WorkbookError) -> Sheet {
    var parser = SheetParser(part: part, context: context, limits: limits, cellBudget: cellBudget)
    try parse(part) { event throws(WorkbookError) in try parser.handle(event) }
    cellBudget = parser.cellBudget
    return Sheet(name: "", rows: parser.rows, merged: parser.merged)
  }

  private mutating func relationships(
    of part: String
  ) throws(WorkbookError) -> [(id: String, kind: String, part: String)] {
    let steps = part.split(separator: "/")
    let folder = steps.dropLast().joined(separator: "/")
    let name = (folder.isEmpty ? "" : folder + "/") + "_rels/\(steps.last ?? "").rels"
    guard let bytes = try archive.part(name) else {
      // Without relationships at its root this is some other kind of zip archive.
      throw WorkbookError(part.isEmpty ? .notWorkbook : .damaged, part: name)
    }
    var parser = RelationshipsParser(folder: folder)
    try readXML(bytes, part: name) { event throws(WorkbookError) in parser.handle(event) }
    return parser.targets
  }

  private mutating func parse(
    _ part: String,
    _ body: (XMLEvent) throws(WorkbookError) -> Void
  ) throws(WorkbookError) {
    guard let bytes = try archive.part(part) else { throw WorkbookError(.damaged, part: part) }
    try readXML(bytes, part: part, body)
  }
}
