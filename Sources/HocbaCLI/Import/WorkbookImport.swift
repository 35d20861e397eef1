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
  func bringIn(
    _ url: URL,
    to school: School,
    isDryRun: Bool = false
  ) async throws -> RecordsV1.ImportWorkbookResponse {
    let bytes = try [UInt8](Data(contentsOf: url))
    let header = RecordsV1.ImportHeader(
      parent: school.records,
      fileName: url.lastPathComponent.precomposedStringWithCanonicalMapping,
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
