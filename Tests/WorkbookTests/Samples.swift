import Foundation
import TestTools

/// The sample district of the project.
enum Samples {
  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Repository.district.appending(path: path)))
  }

  static var workbooks: [String] {
    get throws {
      try FileManager.default.subpathsOfDirectory(atPath: Repository.district.path)
        .filter { $0.hasSuffix(".xlsx") }.sorted()
    }
  }
}
