import API
import Postgres
import ServiceKit

extension Transaction {
  /// A person, held against change; `nil` if there is none such.
  func personToChange(_ id: String) async throws(StoreError) -> PersonRow? {
    _ = try await execute("SELECT FROM person WHERE id = \(id)::uuid FOR UPDATE")
    return try await personRow(id)
  }

  /// A person; `nil` if there is none such.
  func personRow(_ id: String) async throws(StoreError) -> PersonRow? {
    try await first(
      """
      SELECT id::text, login, display_name, staff_code, personal_id, email, disabled, version
        FROM person WHERE id = \(id)::uuid
      """
    )
  }

  /// The people who hold or held a role at or below an organisation, by login, after a key.
  func people(
    below organization: String,
    after key: String,
    limit: Int
  ) async throws(StoreError) -> [PersonRow] {
    try await query(
      """
      WITH RECURSIVE tree AS (
        SELECT id FROM organization WHERE id = \(organization)::uuid
        UNION
        SELECT o.id FROM organization o JOIN tree ON o.parent_id = tree.id)
      SELECT id::text, login, display_name, staff_code, personal_id, email, disabled, version
        FROM person
       WHERE login > \(key)
         AND id IN (SELECT person_id FROM role WHERE organization_id IN (SELECT id FROM tree))
       ORDER BY login LIMIT \(limit)
      """
    )
  }

  /// Stores a new person.
  func insert(
    _ person: NewPerson,
    id: String,
    passwordHash: String
  ) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO person (id, login, display_name, staff_code, personal_id, email, password_hash)
      VALUES (\(id)::uuid, \(person.login), \(person.displayName), \(person.staffCode),
              \(person.personalID), \(person.email), \(passwordHash))
      """
    )
  }

  /// Changes a person.
  func update(_ id: String, _ change: PersonChange) async throws(StoreError) {
    _ = try await execute(
      """
      UPDATE person
         SET display_name = coalesce(\(change.displayName), display_name),
             email = coalesce(\(change.email), email),
             disabled = coalesce(\(change.disabled)::boolean, disabled),
             version = version + 1
       WHERE id = \(id)::uuid
      """
    )
  }

  /// What a person signs in with.
  func credentials(ofPerson id: String) async throws(StoreError) -> CredentialRow? {
    try await first(
      """
      SELECT id::text, login, password_hash, disabled FROM person WHERE id = \(id)::uuid
      """
    )
  }

  /// Sets a password.
  func setPassword(of id: String, hash: String) async throws(StoreError) {
    _ = try await execute("UPDATE person SET password_hash = \(hash) WHERE id = \(id)::uuid")
  }

  /// A person's roles, the newest first.
  func roles(of person: String) async throws(StoreError) -> [RoleRow] {
    try await query(
      """
      SELECT id::text, person_id::text, kind, organization_id::text, start_date::text,
             coalesce(end_date::text, '')
        FROM role WHERE person_id = \(person)::uuid ORDER BY start_date DESC, id DESC
      """
    )
  }

  /// A role, held against change; `nil` if there is none such.
  func role(_ id: String, of person: String) async throws(StoreError) -> RoleRow? {
    try await first(
      """
      SELECT id::text, person_id::text, kind, organization_id::text, start_date::text,
             coalesce(end_date::text, '')
        FROM role WHERE id = \(id)::uuid AND person_id = \(person)::uuid FOR UPDATE
      """
    )
  }

  /// Stores a new role.
  func insert(_ role: NewRole, of person: String) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO role (id, person_id, kind, organization_id, start_date, end_date)
      VALUES (\(role.id)::uuid, \(person)::uuid, \(role.kind.rawValue),
              \(role.organization)::uuid, \(role.startDate)::date, \(role.endDate)::date)
      """
    )
  }

  /// Ends a role with a day.
  func endRole(_ id: String, on day: String) async throws(StoreError) {
    _ = try await execute("UPDATE role SET end_date = \(day)::date WHERE id = \(id)::uuid")
  }
}

extension Database {
  /// Where a person holds or held a role.
  func organizations(ofPerson id: String) async throws(StoreError) -> [String] {
    try await query(
      "SELECT DISTINCT organization_id::text FROM role WHERE person_id = \(id)::uuid"
    )
  }

  /// Where a role is held; `nil` if there is none such.
  func organization(ofRole id: String, person: String) async throws(StoreError) -> String? {
    try await first(
      """
      SELECT organization_id::text FROM role
       WHERE id = \(id)::uuid AND person_id = \(person)::uuid
      """
    )
  }
}

/// A person as stored, without the password.
struct PersonRow: Sendable, RowDecodable {
  let id: String
  let login: String
  let displayName: String
  let staffCode: String
  let personalID: String
  let email: String
  let disabled: Bool
  let version: Int

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    login = try row.next()
    displayName = try row.next()
    staffCode = try row.next()
    personalID = try row.next()
    email = try row.next()
    disabled = try row.next()
    version = try row.next()
  }

  func wire(showsPersonalID: Bool) -> IdentityV1.Person {
    IdentityV1.Person(
      name: "people/\(id)",
      login: login,
      displayName: displayName,
      staffCode: staffCode,
      personalID: showsPersonalID ? personalID : "",
      email: email,
      disabled: disabled,
      etag: "\(version)"
    )
  }
}

/// What a person signs in with.
struct CredentialRow: Sendable, RowDecodable {
  let id: String
  let login: String
  let passwordHash: String
  let disabled: Bool

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    login = try row.next()
    passwordHash = try row.next()
    disabled = try row.next()
  }
}

/// A role as stored.
struct RoleRow: Sendable, RowDecodable {
  let id: String
  let person: String
  let kind: String
  let organization: String
  let startDate: String
  let endDate: String

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    person = try row.next()
    kind = try row.next()
    organization = try row.next()
    startDate = try row.next()
    endDate = try row.next()
  }

  /// Whether the role is in force on a day.
  func isInForce(on day: String) -> Bool {
    startDate <= day && (endDate.isEmpty || day <= endDate)
  }

  var wire: IdentityV1.Role {
    IdentityV1.Role(
      name: "people/\(person)/roles/\(id)",
      kind: RoleKind(rawValue: kind)?.wire ?? .unspecified,
      organization: "organizations/\(organization)",
      startDate: startDate,
      endDate: endDate
    )
  }
}
