import Crypto
package import Postgres

/// What identity publishes for the other services: keys of tokens, and the tree of organisations.
extension Database {
  /// The public keys that tokens may be signed with now.
  func tokenKeys() async throws -> [String: PublicKey] {
    let rows: [PublishedTokenKey] = try await query(
      "SELECT key_id, x, y FROM identity.published_token_key WHERE expire_time > now()"
    )
    var keys: [String: PublicKey] = [:]
    for row in rows {
      guard let x = Base64.decodeURL(row.x), let y = Base64.decodeURL(row.y) else { continue }
      keys[row.id] = try PublicKey(x: x, y: y)
    }
    return keys
  }

  /// An organisation by id; `nil` if there is none such.
  package func organization(
    _ id: OrganizationID
  ) async throws(StoreError) -> PublishedOrganization? {
    guard ResourceID.isValid(id) else { return nil }
    return try await first(
      """
      SELECT id::text, code, display_name, kind FROM identity.published_organization
       WHERE id = \(id)::uuid
      """
    )
  }

  /// An organisation and all above it, nearest first; empty if there is none such.
  package func organizationPath(
    _ id: OrganizationID
  ) async throws(StoreError) -> [PublishedOrganization] {
    guard ResourceID.isValid(id) else { return [] }
    return try await query(
      """
      WITH RECURSIVE path AS (
        SELECT id, parent_id, code, display_name, kind, 0 AS distance
          FROM identity.published_organization WHERE id = \(id)::uuid
        UNION ALL
        SELECT o.id, o.parent_id, o.code, o.display_name, o.kind, path.distance + 1
          FROM identity.published_organization o JOIN path ON o.id = path.parent_id
         WHERE path.distance < 16)
      SELECT id::text, code, display_name, kind FROM path ORDER BY distance
      """
    )
  }
}

/// What every service may know of an organisation.
package struct PublishedOrganization: Sendable, RowDecodable {
  /// Id, a UUID as text.
  package let id: OrganizationID
  /// Code in the sector's database.
  package let code: String
  /// Name in Vietnamese.
  package let displayName: String
  /// `MINISTRY`, `PROVINCE`, `DISTRICT` or `SCHOOL`.
  package let kind: String

  package init(row: inout Row) throws(StoreError) {
    id = try row.next()
    code = try row.next()
    displayName = try row.next()
    kind = try row.next()
  }
}

private struct PublishedTokenKey: RowDecodable {
  let id: String
  let x: String
  let y: String

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    x = try row.next()
    y = try row.next()
  }
}
