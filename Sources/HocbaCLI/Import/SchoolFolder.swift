import Foundation

/// A school's workbooks as they lie in a folder.
struct SchoolFolder: Sendable {
  /// Code of the school: of `truong.json`, else the folder's name.
  let code: String
  /// What the folder's `truong.json` says; `nil` without one.
  let description: SchoolDescription?
  let url: URL

  init(_ url: URL) throws {
    self.url = url
    let file = url.appending(path: "truong.json")
    if FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
      let description = try SchoolDescription(file)
      self.description = description
      code = description.code
    } else {
      description = nil
      code = url.lastPathComponent
    }
  }

  /// The workbooks: the roster first, since all others need it, then by name.
  func workbooks() throws -> [URL] {
    try FileManager.default
      .contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
      .filter { Self.isWorkbook($0.lastPathComponent) }
      .sorted { Self.precedes($0.lastPathComponent, $1.lastPathComponent) }
  }

  /// Whether a workbook is the roster.
  static func isRoster(_ name: String) -> Bool {
    name.precomposedStringWithCanonicalMapping.lowercased().hasPrefix("ho-so-truong")
  }

  /// Whether a file is a workbook; `~$…` is what a spreadsheet program keeps beside an open one.
  static func isWorkbook(_ name: String) -> Bool {
    name.lowercased().hasSuffix(".xlsx") && !name.hasPrefix("~$") && !name.hasPrefix(".")
  }

  static func precedes(_ left: String, _ right: String) -> Bool {
    (isRoster(left) ? 0 : 1, left) < (isRoster(right) ? 0 : 1, right)
  }

  /// The schools of a folder: itself if it has workbooks, else the folders in it that have.
  static func all(in url: URL) throws -> [SchoolFolder] {
    let own = try SchoolFolder(url)
    if try !own.workbooks().isEmpty { return [own] }
    let entries = try FileManager.default
      .contentsOfDirectory(at: url, includingPropertiesForKeys: [.isDirectoryKey])
    return
      try entries
      .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { try SchoolFolder($0) }
      .filter { try !$0.workbooks().isEmpty }
  }
}

/// What `truong.json` says of a school.
struct SchoolDescription: Codable, Sendable {
  let code: String
  let name: String
  /// `TH` or `THCS`; both in a school of both levels.
  let level: String
  /// Codes of the district and the province.
  let district: String
  let province: String
  /// Staff code of the principal.
  let principal: String?

  init(_ file: URL) throws {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    } catch {
      let path = file.path(percentEncoded: false)
      throw Failure(words("Không đọc được \(path).", "Cannot read \(path)."))
    }
  }
}
