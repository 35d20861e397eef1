import API
import Foundation
import GRPC

/// A signed transcript as it goes out.
struct IssuedTranscript: Sendable {
  /// Code of the pupil.
  let studentCode: String
  let schoolYear: String
  let content: [UInt8]

  var fileName: String { "\(studentCode)-\(schoolYear).xml" }
}

extension Desk {
  /// The transcripts of a school and year that are in force, by the pupils' codes.
  func issuedTranscripts(
    of school: School,
    in year: String
  ) async throws -> [IssuedTranscript] {
    var codes: [String: String] = [:]
    for schoolClass in try await classes(of: school, in: year) {
      for student in try await students(of: schoolClass) { codes[student.name] = student.code }
    }
    let known = codes
    return try await call { options in
      let stream = documents.streamDocuments(
        .init(parent: school.records, kind: .transcript, schoolYear: year),
        options: options
      )
      var found: [IssuedTranscript] = []
      for try await document in stream where document.state == .issued {
        // The source is the pupil's name with `/transcripts/{year}`.
        let student = document.source.split(separator: "/").prefix(4).joined(separator: "/")
        guard let code = known[student] else { continue }
        found.append(
          IssuedTranscript(studentCode: code, schoolYear: year, content: document.content)
        )
      }
      return found.sorted { $0.studentCode < $1.studentCode }
    }
  }
}

extension IssuedTranscript {
  /// Writes the file into a folder, whole or not at all.
  ///
  /// - Returns: Its path.
  func write(to folder: String) throws -> String {
    let path = "\(folder)/\(fileName)"
    try FileManager.default.createDirectory(
      at: URL(filePath: folder),
      withIntermediateDirectories: true
    )
    try Data(content).write(to: URL(filePath: path), options: .atomic)
    return path
  }
}
