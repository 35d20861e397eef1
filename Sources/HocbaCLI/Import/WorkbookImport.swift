import API
import Foundation
import GRPC
import Protobuf

/// One workbook that is to be brought in.
struct WorkbookFile: Sendable {
  let url: URL
  let schoolCode: String

  var name: String { url.lastPathComponent }
}

extension Desk {
  /// Brings in one workbook, all of it or nothing.
  ///
  /// A file that cannot be read, or that the service does not take, is rejected with the one
  /// problem that says why; only what concerns all files is thrown.
  func bringIn(
    _ url: URL,
    to school: School,
    isDryRun: Bool = false
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    let name = url.lastPathComponent.precomposedStringWithCanonicalMapping
    guard let bytes = try? [UInt8](Data(contentsOf: url)) else {
      return .rejected(
        name,
        found: words("không đọc được tệp", "the file cannot be read"),
        expected: words("tệp .xlsx mà người dùng này đọc được", "an .xlsx file that you may read"),
        reason: "FILE_UNREADABLE"
      )
    }
    do {
      return try await send(bytes, named: name, to: school, isDryRun: isDryRun)
    } catch let error as RPCError where Self.concernsFile.contains(error.code) {
      let complaint = Complaint(error)
      return .rejected(
        name,
        found: "",
        expected: ([complaint.message] + complaint.violations).joined(separator: "; "),
        reason: complaint.reason
      )
    }
  }

  /// Refusals after which another file may well be taken.
  private static let concernsFile: Set<RPCCode> = [
    .invalidArgument, .failedPrecondition, .outOfRange, .resourceExhausted, .alreadyExists,
    .aborted,
  ]

  private func send(
    _ bytes: [UInt8],
    named name: String,
    to school: School,
    isDryRun: Bool
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    let header = RecordsV1.ImportHeader(
      parent: school.records,
      fileName: name,
      validateOnly: isDryRun,
      requestID: Self.requestID()
    )
    // A new try sends the same id, so that what an answer was lost of is not brought in twice.
    return try await call { options in
      try await imports.importWorkbook(options: options) { writer in
        try await writer.write(.init(part: .header(header)))
        for start in stride(from: 0, to: bytes.count, by: Self.pieceSize) {
          let piece = bytes[start..<min(start + Self.pieceSize, bytes.count)]
          try await writer.write(.init(part: .chunk(Array(piece))))
        }
      }
    }
  }

  /// Half of what one message may carry.
  private static var pieceSize: Int { 512 << 10 }
}

extension RecordsV1.ImportWorkbookResponse {
  /// The answer for a file that is not taken at all.
  fileprivate static func rejected(
    _ file: String,
    found: String,
    expected: String,
    reason: String
  ) -> Self {
    Self(
      outcome: .rejected,
      problems: [.init(file: file, found: found, expected: expected, reason: reason)],
      problemCount: 1
    )
  }
}

extension RecordsV1.ImportOutcome {
  /// In words, for people.
  var text: String {
    switch self {
    case .imported: words("đã nhập", "imported")
    case .unchanged: words("không có gì mới", "unchanged")
    case .validated: words("nhập được", "could be imported")
    case .rejected: words("bị từ chối", "rejected")
    default: label
    }
  }

  /// For programs, such as `IMPORTED`.
  var label: String { name.map { String($0.dropFirst("IMPORT_OUTCOME_".count)) } ?? "\(rawValue)" }
}
