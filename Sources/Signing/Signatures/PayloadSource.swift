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
  /// - Throws: the refusal of records as it is, `GRADE_NOT_ROLLED_OUT` among them;
  ///   `Problem.unavailable` while records does not answer.
  func payloads(of sources: [Source], for call: Call) async throws -> [Payload] {
    guard let first = sources.first else { return [] }
    var payloads: [Payload] = []
    do {
      switch first.kind {
      case .markSheet:
        while payloads.count < sources.count {
          let part = sources[payloads.count...].prefix(Self.markSheetLimit)
          payloads += try await markSheets(part.map(\.name), of: first.school, call.onward())
        }
      case .transcript:
        payloads = try await transcripts(sources.map(\.name), of: first.school, call.onward())
      }
    } catch let error as RPCError where error.details.isEmpty && error.code == .unavailable {
      throw Problem.unavailable
    }
    return payloads
  }

  private func markSheets(
    _ names: [String],
    of school: String,
    _ options: CallOptions
  ) async throws -> [Payload] {
    let answer = try await RecordsV1.MarkSheetServiceClient(client).batchGetMarkSheets(
      .init(parent: "schools/\(school)", names: names),
      options: options
    )
    // What records leaves out or changes round must not be signed for something else.
    guard answer.markSheets.map(\.name) == names else { throw Problem.internalError }
    // A sheet with gaps can be signed: one pupil whose test is still to be made up must not hold up
    // the transcripts of the class. The pupil's own transcript waits, as RESULT_INCOMPLETE.
    // A sheet without any mark says nothing, and is not signed.
    return answer.markSheets.map { sheet in
      let isEmpty = sheet.rows.allSatisfy(\.marks.isEmpty)
      return Payload(
        bytes: sheet.payload,
        digest: sheet.payloadDigest,
        openItems: isEmpty ? ["bảng điểm chưa có điểm nào"] : []
      )
    }
  }

  private func transcripts(
    _ names: [String],
    of school: String,
    _ options: CallOptions
  ) async throws -> [Payload] {
    let answer = try await RecordsV1.TranscriptServiceClient(client).batchGetTranscripts(
      .init(parent: "schools/\(school)", names: names),
      options: options
    )
    guard answer.transcripts.map(\.name) == names else { throw Problem.internalError }
    return answer.transcripts.map { transcript in
      Payload(
        bytes: transcript.payload,
        digest: transcript.payloadDigest,
        openItems: transcript.openItems.map(\.description)
      )
    }
  }
}
