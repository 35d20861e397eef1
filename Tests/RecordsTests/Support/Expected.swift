import Foundation
import TestTools

/// What the sample district's `expected.json` says, computed from the law by another program.
struct Expected: Decodable {
  let schoolYear: String
  let students: [String: Student]

  struct Student: Decodable {
    let name: String
    let school: String
    let cls: String
    let grade: Int
    let terms: [String: Period]?
    let year: Period
  }

  /// A term or year: lower secondary has the first fields, primary the last.
  struct Period: Decodable {
    let averages: [String: String]?
    let comments: [String: String]?
    let conduct: String?
    let academic: String?
    let adjusted: Bool?
    let absences: Int?
    let award: String?
    let promoted: Bool?
    let levels: [String: String]?
    let exams: [String: Int]?
    let traits: [String: String]?
    let result: String?
  }

  static func read() throws -> Expected {
    let file = Repository.district.appending(path: "expected.json")
    return try JSONDecoder().decode(Expected.self, from: try Data(contentsOf: file))
  }
}
