import Postgres
import ServiceKit

extension Transaction {
  /// The versions of the mark sheets and transcripts of a class that have all their signatures, by
  /// source, the oldest first.
  func signedVersions(
    of schoolClass: ClassName
  ) async throws(StoreError) -> [String: [SignedVersion]] {
    let rows: [SignedVersionRow] = try await query(
      """
      SELECT source, id::text, payload_digest, first_signer FROM signing.published_document
       WHERE school_id = \(schoolClass.school)::uuid AND class_id = \(schoolClass.id)::uuid
         AND steps = required_steps
       ORDER BY source, revision
      """
    )
    return Dictionary(grouping: rows, by: \.source).mapValues { $0.map(\.version) }
  }
}

private struct SignedVersionRow: RowDecodable {
  let source: String
  let version: SignedVersion

  init(row: inout Row) throws(StoreError) {
    source = try row.next()
    version = SignedVersion(
      document: try row.next(),
      digest: try row.next(),
      signer: try row.next()
    )
  }
}
