import Crypto
package import Postgres
import Synchronization

/// A write in progress: the transaction, and what it changes, for audit and change feed.
package final class Write: Sendable {
  /// The transaction that all of it is in.
  package let transaction: Transaction
  private let noted = Mutex<[Change]>([])

  init(_ transaction: Transaction) { self.transaction = transaction }

  /// What has been noted so far, in order.
  var changes: [Change] { noted.withLock { $0 } }

  /// Notes that a resource is new or changed.
  ///
  /// - Parameters:
  ///   - resource: Its resource name.
  ///   - before: Its state before, for the digest in the audit entry; empty if it is new.
  ///   - after: Its state after; empty if it is gone.
  package func note(_ resource: String, before: [UInt8] = [], after: [UInt8]) {
    let change = Change(
      resource: resource,
      before: before.isEmpty ? "" : Hex.encode(SHA256.digest(before)),
      after: after.isEmpty ? "" : Hex.encode(SHA256.digest(after))
    )
    noted.withLock { $0.append(change) }
  }
}

/// One changed resource with digests of its states.
struct Change: Sendable {
  let resource: String
  let before: String
  let after: String
}

/// A request id as it is claimed by a write.
struct RequestClaim: Sendable {
  let id: String
  let person: String
  let method: String
  let fingerprint: [UInt8]
}

/// What was answered to a request id before.
struct EarlierRequest: RowDecodable {
  let method: String
  let fingerprint: [UInt8]
  let answer: [UInt8]

  init(row: inout Row) throws(StoreError) {
    method = try row.next()
    fingerprint = try row.next()
    answer = try row.next()
  }

  func isAnswer(to claim: RequestClaim) -> Bool {
    method == claim.method && fingerprint == claim.fingerprint
  }
}

extension Transaction {
  /// Claims a request id for this transaction; waits for another that holds it.
  ///
  /// - Returns: What was answered before; `nil` if the id is new.
  func claim(_ claim: RequestClaim) async throws(StoreError) -> EarlierRequest? {
    let inserted = try await execute(
      """
      INSERT INTO request (person_id, id, method, fingerprint)
      VALUES (\(claim.person)::uuid, \(claim.id)::uuid, \(claim.method), \(claim.fingerprint))
      ON CONFLICT DO NOTHING
      """
    )
    guard inserted == 0 else { return nil }
    return try await first(
      """
      SELECT method, fingerprint, answer FROM request
       WHERE person_id = \(claim.person)::uuid AND id = \(claim.id)::uuid
      """
    )
  }

  /// Stores the answer for a request id.
  func store(_ answer: [UInt8], for claim: RequestClaim) async throws(StoreError) {
    _ = try await execute(
      """
      UPDATE request SET answer = \(answer)
       WHERE person_id = \(claim.person)::uuid AND id = \(claim.id)::uuid
      """
    )
  }

  /// Appends to audit and change feed; versions and hash chain are given in the order of commits,
  /// since the head of the ledger stays locked until this transaction ends.
  func append(
    _ changes: [Change],
    by caller: Caller,
    _ claim: RequestClaim
  ) async throws(StoreError) {
    guard !changes.isEmpty else { return }
    _ = try await execute(
      """
      SELECT append_ledger(\(claim.person)::uuid, \(caller.displayName), \(claim.method),
        \(claim.id)::uuid, \(changes.map(\.resource))::text[], \(changes.map(\.before))::text[],
        \(changes.map(\.after))::text[])
      """
    )
  }
}
