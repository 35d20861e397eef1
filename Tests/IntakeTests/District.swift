import Foundation
import Intake
import Roster
import TestTools
import Testing
import Workbook

/// The sample district of the project, read.
enum District {
  static let catalogue = SubjectCatalogue.curriculum2018

  /// The names of the files of a school that begin so.
  static func files(_ school: String, _ start: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: Repository.district.appending(path: school).path
    )
    .filter { $0.hasPrefix(start) && $0.hasSuffix(".xlsx") }.sorted()
  }

  static func workbook(_ school: String, _ file: String) throws -> Workbook {
    let data = try Data(
      contentsOf: Repository.district.appending(path: school).appending(path: file)
    )
    return try Workbook.read([UInt8](data))
  }

  static func roster(_ school: String) throws -> SchoolRoster {
    let file = "ho-so-truong.xlsx"
    return try SchoolRoster(try workbook(school, file), file: file, catalogue: catalogue)
  }

  // Read once for the many tests that spoil a copy.
  static let markBook = Result { try workbook(lowerSecondary, "so-diem-6A1-hk1.xlsx") }
  static let roster = Result { try workbook(lowerSecondary, "ho-so-truong.xlsx") }
  static let school = Result { try known(lowerSecondary) }
  static let primarySchool = Result { try known(primary) }

  static func known(_ school: String) throws -> KnownSchool {
    try #require(KnownSchool(try roster(school), catalogue: catalogue))
  }
}

/// The two sample schools.
let primary = "74725101"
let lowerSecondary = "74725501"

/// What is found wrong; nothing when the reading succeeds.
func problems<Value>(_ read: () throws(Problems) -> Value) -> [Problem] {
  do throws(Problems) {
    _ = try read()
    return []
  } catch {
    return error.all
  }
}

extension Workbook {
  /// The cell such as `E8` of a sheet.
  subscript(sheet: String, cell: String) -> Cell? {
    get {
      let (row, column) = place(cell)
      return sheets.first { $0.name == sheet }?[row, column]
    }
    set {
      let (row, column) = place(cell)
      guard let index = sheets.firstIndex(where: { $0.name == sheet }) else {
        Issue.record("no sheet \(sheet)")
        return
      }
      sheets[index][row, column] = newValue
    }
  }

  private func place(_ cell: String) -> (row: Int, column: Int) {
    let letters = cell.prefix { $0.isLetter }
    let column = letters.utf8.reduce(0) { $0 * 26 + Int($1) - 64 }
    return (Int(cell.dropFirst(letters.count)) ?? 0, column)
  }
}
