import API
import Postgres

extension Transaction {
  /// An organisation; `nil` if there is none such.
  func organizationRow(_ id: String) async throws(StoreError) -> OrganizationRow? {
    try await first(
      """
      SELECT id::text, code, display_name, kind, coalesce(parent_id::text, ''), levels,
             valid_from::text, coalesce(valid_to::text, ''), version
        FROM organization WHERE id = \(id)::uuid
      """
    )
  }

  /// Some organisations and all below them, by code and id, after a key.
  func organizations(
    below roots: [String],
    code: String?,
    after key: String,
    limit: Int
  ) async throws(StoreError) -> [OrganizationRow] {
    try await query(
      """
      WITH RECURSIVE tree AS (
        SELECT id FROM organization WHERE id = ANY(\(roots)::uuid[])
        UNION
        SELECT o.id FROM organization o JOIN tree ON o.parent_id = tree.id)
      SELECT id::text, code, display_name, kind, coalesce(parent_id::text, ''), levels,
             valid_from::text, coalesce(valid_to::text, ''), version
        FROM organization
       WHERE id IN (SELECT id FROM tree) AND (\(code)::text IS NULL OR code = \(code))
         AND code || ' ' || id::text > \(key)
       ORDER BY code || ' ' || id::text
       LIMIT \(limit)
      """
    )
  }

  /// Stores a new organisation.
  func insert(_ organization: NewOrganization, id: String) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO organization (id, code, display_name, kind, parent_id, levels, valid_from, valid_to)
      VALUES (\(id)::uuid, \(organization.code), \(organization.displayName),
              \(organization.kind.rawValue), \(organization.parent)::uuid,
              \(organization.levels)::text[], \(organization.validFrom)::date,
              \(organization.validTo)::date)
      """
    )
  }

  /// An organisation, held against change; `nil` if there is none such.
  func organizationToChange(_ id: String) async throws(StoreError) -> OrganizationRow? {
    _ = try await execute("SELECT FROM organization WHERE id = \(id)::uuid FOR UPDATE")
    return try await organizationRow(id)
  }

  /// Changes an organisation.
  func update(_ id: String, _ change: OrganizationChange) async throws(StoreError) {
    _ = try await execute(
      """
      UPDATE organization
         SET display_name = coalesce(\(change.displayName), display_name),
             parent_id = coalesce(\(change.parent)::uuid, parent_id),
             valid_to = CASE WHEN \(change.changesValidTo)::boolean
                             THEN \(change.validTo)::date ELSE valid_to END,
             version = version + 1
       WHERE id = \(id)::uuid
      """
    )
  }
}

/// An organisation as it is stored.
struct OrganizationRow: Sendable, RowDecodable {
  let id: String
  let code: String
  let displayName: String
  let kind: String
  let parent: String
  let levels: [String]
  let validFrom: String
  let validTo: String
  let version: Int

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    code = try row.next()
    displayName = try row.next()
    kind = try row.next()
    parent = try row.next()
    levels = try row.next()
    validFrom = try row.next()
    validTo = try row.next()
    version = try row.next()
  }

  /// The position in a list.
  var pageKey: String { "\(code) \(id)" }

  var wire: IdentityV1.Organization {
    IdentityV1.Organization(
      name: "organizations/\(id)",
      code: code,
      displayName: displayName,
      kind: OrganizationKind(rawValue: kind)?.wire ?? .unspecified,
      parent: parent.isEmpty ? "" : "organizations/\(parent)",
      validFrom: validFrom,
      validTo: validTo,
      levels: levels.map { $0 == "PRIMARY" ? .primary : .lowerSecondary },
      etag: "\(version)"
    )
  }
}
