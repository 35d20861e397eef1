import API
import Postgres
import ServiceKit

extension Transaction {
  /// A document with its signatures; `nil` if there is none such in the school.
  func documentRow(_ id: String) async throws(StoreError) -> DocumentRow? {
    try await documentRows([id]).first
  }

  /// Documents of the school with their signatures, in no order.
  func documentRows(_ ids: [String]) async throws(StoreError) -> [DocumentRow] {
    try await query(
      """
      SELECT school_id::text, id::text, source, kind, revision, policy, payload_digest, steps,
             required_steps, roles, signers, signing_times, content_digest, last_signed_at,
             superseded
        FROM document_state
       WHERE id = ANY(\(ids)::uuid[])
      """
    )
  }

  /// The documents of the school that carry a signature, by source and revision.
  func documentRows(
    schoolClass: String?,
    kind: Source.Kind?,
    schoolYear: String
  ) async throws(StoreError) -> [DocumentRow] {
    try await query(
      """
      SELECT school_id::text, id::text, source, kind, revision, policy, payload_digest, steps,
             required_steps, roles, signers, signing_times, content_digest, last_signed_at,
             superseded
        FROM document_state
       WHERE steps > 0 AND school_year = \(schoolYear)
         AND (\(schoolClass)::uuid IS NULL OR class_id = \(schoolClass)::uuid)
         AND (\(kind?.rawValue)::text IS NULL OR kind = \(kind?.rawValue))
       ORDER BY source, revision
      """
    )
  }
}

extension Database {
  /// Every policy, by identifier.
  func policies() async throws(StoreError) -> [PolicyRow] {
    try await query(
      """
      SELECT id, kind, roles, valid_from::text, coalesce(valid_to::text, '')
        FROM signing_policy ORDER BY id
      """
    )
  }

  /// Who answers for a class; `nil` if there is no such class.
  func classPlace(_ id: String, school: String) async throws(StoreError) -> DocumentPlace? {
    try await first(
      """
      SELECT class_teacher FROM records.published_class
       WHERE school_id = \(school)::uuid AND id = \(id)::uuid
      """
    )
  }

  /// Who answers for the class that a document belongs to; `nil` if there is no such document.
  func documentPlace(_ id: String, school: String) async throws(StoreError) -> DocumentPlace? {
    try await first(
      """
      SELECT c.class_teacher
        FROM published_document d
        JOIN records.published_class c ON c.school_id = d.school_id AND c.id = d.class_id
       WHERE d.school_id = \(school)::uuid AND d.id = \(id)::uuid
      """
    )
  }

  /// What the register says of a file; `nil` if no such file was made here.
  func registerEntry(contentDigest: String) async throws(StoreError) -> RegisterEntry? {
    try await first(
      """
      SELECT issued, superseded FROM register WHERE content_digest = \(contentDigest)
       ORDER BY issued DESC LIMIT 1
      """
    )
  }
}

/// Who answers for the class that a document belongs to.
struct DocumentPlace: Sendable, RowDecodable {
  let classTeacher: String

  init(row: inout Row) throws(StoreError) { classTeacher = try row.next() }

  /// What a member of staff is to the document.
  func relations(of staffCode: String) -> Set<Relation> {
    !staffCode.isEmpty && staffCode == classTeacher ? [.classTeacher] : []
  }
}

/// What the register says of a file.
struct RegisterEntry: Sendable, RowDecodable {
  let isIssued: Bool
  let isSuperseded: Bool

  init(row: inout Row) throws(StoreError) {
    isIssued = try row.next()
    isSuperseded = try row.next()
  }
}

/// A document with its signatures.
struct DocumentRow: Sendable, RowDecodable {
  let school: String
  let id: String
  let source: String
  let kind: String
  let revision: Int
  let policy: String
  let payloadDigest: String
  let steps: Int
  let requiredSteps: Int
  let roles: [String]
  let signers: [String]
  let signingTimes: [Int]
  let contentDigest: String
  let lastSignedAt: Int?
  let isSuperseded: Bool

  init(row: inout Row) throws(StoreError) {
    school = try row.next()
    id = try row.next()
    source = try row.next()
    kind = try row.next()
    revision = try row.next()
    policy = try row.next()
    payloadDigest = try row.next()
    steps = try row.next()
    requiredSteps = try row.next()
    roles = try row.next() ?? []
    signers = try row.next() ?? []
    signingTimes = try row.next() ?? []
    contentDigest = try row.next()
    lastSignedAt = try row.next()
    isSuperseded = try row.next()
  }

  /// The document as the contract has it; issued only when every signature of the policy is there.
  func wire(content: [UInt8]?) -> SigningV1.Document {
    let isIssued = steps == requiredSteps
    var document = SigningV1.Document(
      name: "schools/\(school)/documents/\(id)",
      source: source,
      kind: Source.Kind(rawValue: kind)?.wire ?? .unspecified,
      revision: Int32(revision),
      state: isIssued ? (isSuperseded ? .superseded : .issued) : .signing,
      policy: policy,
      payloadDigest: payloadDigest,
      content: content ?? [],
      contentDigest: contentDigest
    )
    for (index, role) in roles.enumerated() {
      document.signatures.append(
        .init(
          role: role,
          signer: signers[index],
          signingTime: .init(seconds: Int64(signingTimes[index]), nanos: 0)
        )
      )
    }
    if isIssued, let lastSignedAt {
      document.issueTime = .init(seconds: Int64(lastSignedAt), nanos: 0)
    }
    return document
  }
}
