import Foundation

/// The sample district of the project.
enum Samples {
  static let folder = URL(filePath: #filePath).appending(path: "../../../deploy/demo/district")
    .standardizedFileURL

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: path)))
  }

  static var workbooks: [String] {
    get throws {
      try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".xlsx") }.sorted()
    }
  }
}
