import API
import Crypto
import Postgres
import Transcript

/// A document as the records would make it now, beside what has been signed of it.
struct DocumentVersion: Sendable {
  let payload: [UInt8]
  /// SHA-256 of the payload, hex.
  let digest: String
  /// The last version that has all its signatures; `nil` if none has.
  let signed: SignedVersion?

  /// Whether the last version that has all its signatures still says what the records say.
  var isCurrent: Bool { signed?.digest == digest }

  /// Makes the document as it is to be signed.
  ///
  /// While it says the same as the last signed version it is that version, byte for byte; else it
  /// is the next revision, which names the one it replaces. The versions are those that have all
  /// their signatures, the oldest first.
  init(
    after versions: [SignedVersion],
    _ make: (Revision) throws(TranscriptError) -> [UInt8]
  ) throws(TranscriptError) {
    signed = versions.last
    if let signed {
      let replaced = versions.dropLast().last?.digest
      let payload = try make(Revision(number: versions.count, replacedDigest: replaced))
      let digest = Hex.encode(SHA256.digest(payload))
      if digest == signed.digest {
        self.payload = payload
        self.digest = digest
        return
      }
    }
    payload = try make(Revision(number: versions.count + 1, replacedDigest: signed?.digest))
    digest = Hex.encode(SHA256.digest(payload))
  }

  /// Where signing of a mark sheet stands.
  var state: RecordsV1.MarkSheetState {
    if signed == nil { return .unsigned }
    return isCurrent ? .signed : .stale
  }
}

/// A version of a document that has all its signatures.
struct SignedVersion: Sendable, Equatable {
  /// Id of the document in signing.
  let document: String
  /// SHA-256 of its payload, hex.
  let digest: String
  /// Name of the first signer.
  let signer: String
}
