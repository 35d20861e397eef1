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

  /// How many mark sheets records gives at a time.
  private static let markSheetLimit = 100

  /// The payloads of sources of one school and kind, in their order.
  ///
  /// - Throws: the refusal of records as it is, `GRADE_NOT_ROLLED_OUT` among them.
  func payloads(of sources: [Source], for call: Call) async throws -> [Payload] {
    guard let first = sources.first else { return [] }
    let options = call.onward()
    let parent = "schools/\(first.school)"
    switch first.kind {
    case .markSheet:
      var payloads: [Payload] = []
      while payloads.count < sources.count {
        let part = sources[payloads.count...].prefix(Self.markSheetLimit)
        let answer = try await RecordsV1.MarkSheetServiceClient(client).batchGetMarkSheets(
          .init(parent: parent, names: part.map(\.name)),
          options: options
        )
        // An answer that is short would be asked for again for ever.
        guard answer.markSheets.count == part.count else { throw Problem.internalError }
        payloads += answer.markSheets.map { sheet in
          let missing = sheet.complete ? [] : ["bảng điểm còn thiếu điểm"]
          return Payload(bytes: sheet.payload, digest: sheet.payloadDigest, openItems: missing)
        }
      }
      return payloads
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
