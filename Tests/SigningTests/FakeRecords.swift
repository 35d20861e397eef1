import API
import Crypto
import GRPC
import ServiceKit
import Synchronization

/// Records as signing sees it: payloads by name, which a test sets.
final class FakeRecords: Sendable {
  struct Entry: Sendable {
    var payload: [UInt8] = []
    var openItems: [String] = []
    /// Mark sheets: whether nobody has a mark.
    var isEmpty = false
    var refusal: Problem?
  }

  private let entries = Mutex<[String: Entry]>([:])

  subscript(name: String) -> Entry {
    get { entries.withLock { $0[name] ?? Entry() } }
    set { entries.withLock { $0[name] = newValue } }
  }

  /// Sets a payload that holds a text.
  func set(_ name: String, _ text: String) {
    self[name] = Entry(
      payload: Array(
        (#"<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload">"#
          + #"<t:Text xmlns:t="urn:hocba:test:1">\#(text)</t:Text></hb:Payload>"#).utf8
      )
    )
  }

  func handlers(_ kit: Kit) -> [MethodHandler] {
    MarkSheets(records: self).handlers(kit) + Transcripts(records: self).handlers(kit)
  }

  fileprivate func entry(_ name: String) throws -> Entry {
    let entry = self[name]
    if let refusal = entry.refusal { throw refusal }
    return entry
  }
}

private func digest(_ payload: [UInt8]) -> String {
  payload.isEmpty ? "" : Hex.encode(SHA256.digest(payload))
}

private struct MarkSheets: RecordsV1.MarkSheetServiceProvider {
  let records: FakeRecords

  func batchGetMarkSheets(
    _ request: RecordsV1.BatchGetMarkSheetsRequest,
    _ call: Call
  ) async throws -> RecordsV1.BatchGetMarkSheetsResponse {
    .init(
      markSheets: try request.names.map { name in
        let entry = try records.entry(name)
        return .init(
          name: name,
          complete: entry.openItems.isEmpty,
          rows: [
            .init(marks: entry.isEmpty ? [] : [.init(slot: .midTerm, value: .scoreTenths(0))])
          ],
          payload: entry.payload,
          payloadDigest: digest(entry.payload)
        )
      }
    )
  }

  func getMarkSheet(
    _ request: RecordsV1.GetMarkSheetRequest,
    _ call: Call
  ) async throws -> RecordsV1.MarkSheet { throw Problem.notAllowed }

  func listMarkSheets(
    _ request: RecordsV1.ListMarkSheetsRequest,
    _ call: Call
  ) async throws -> RecordsV1.ListMarkSheetsResponse { throw Problem.notAllowed }

  func enterMark(
    _ request: RecordsV1.EnterMarkRequest,
    _ call: Call
  ) async throws -> RecordsV1.MarkRow { throw Problem.notAllowed }
}

private struct Transcripts: RecordsV1.TranscriptServiceProvider {
  let records: FakeRecords

  func batchGetTranscripts(
    _ request: RecordsV1.BatchGetTranscriptsRequest,
    _ call: Call
  ) async throws -> RecordsV1.BatchGetTranscriptsResponse {
    .init(
      transcripts: try request.names.map { name in
        let entry = try records.entry(name)
        return .init(
          name: name,
          openItems: entry.openItems.map { .init(reason: "MISSING", description: $0) },
          payload: entry.payload,
          payloadDigest: digest(entry.payload)
        )
      }
    )
  }

  func getTranscript(
    _ request: RecordsV1.GetTranscriptRequest,
    _ call: Call
  ) async throws -> RecordsV1.Transcript { throw Problem.notAllowed }

  func streamTranscripts(
    _ request: RecordsV1.StreamTranscriptsRequest,
    _ call: Call,
    _ responses: ResponseWriter<RecordsV1.Transcript>
  ) async throws { throw Problem.notAllowed }
}
