import API
import GRPC
import ServiceKit

/// What records says a document's payload is now.
struct Payload: Sendable {
  /// The canonical payload; empty while something is missing.
  let bytes: [UInt8]
  /// SHA-256 of `bytes`, hex.
  let digest: String
  /// What is missing, in Vietnamese.
  let openItems: [String]
}

/// Asks records for payloads, in the caller's name and within the caller's deadline.
struct PayloadSource: Sendable {
  let client: GRPCClient

  /// The payloads of sources of one school and kind, in their order.
  ///
  /// - Throws: the refusal of records as it is, `GRADE_NOT_ROLLED_OUT` among them.
  func payloads(of sources: [Source], for call: Call) async throws -> [Payload] {
    guard let first = sources.first else { return [] }
    let options = call.onward()
    let parent = "schools/\(first.school)"
    switch first.kind {
    case .markSheet:
      let answer = try await RecordsV1.MarkSheetServiceClient(client).batchGetMarkSheets(
        .init(parent: parent, names: sources.map(\.name)),
        options: options
      )
      return answer.markSheets.map { sheet in
        let missing = sheet.complete ? [] : ["bảng điểm còn thiếu điểm"]
        return Payload(bytes: sheet.payload, digest: sheet.payloadDigest, openItems: missing)
      }
    case .transcript:
      let answer = try await RecordsV1.TranscriptServiceClient(client).batchGetTranscripts(
        .init(parent: parent, names: sources.map(\.name)),
        options: options
      )
      return answer.transcripts.map { transcript in
        Payload(
          bytes: transcript.payload,
          digest: transcript.payloadDigest,
          openItems: transcript.openItems.map(\.description)
        )
      }
    }
  }
}
