import Crypto
import Postgres
import XAdES

extension Transaction {
  /// The class of a mark sheet, or of a pupil in a year, with who teaches there; `nil` if there is
  /// none such.
  func place(of source: Source) async throws(StoreError) -> SourcePlace? {
    if let sheet = source.sheet {
      return try await first(
        """
        SELECT c.id::text, c.school_year, c.class_teacher, coalesce(a.teacher, '')
          FROM records.published_class c
          LEFT JOIN records.published_assignment a
            ON a.school_id = c.school_id AND a.class_id = c.id AND a.subject = \(sheet.subject)
         WHERE c.school_id = \(source.school)::uuid AND c.id = \(sheet.schoolClass)::uuid
        """
      )
    }
    guard let transcript = source.transcript else { return nil }
    return try await first(
      """
      SELECT c.id::text, c.school_year, c.class_teacher, ''
        FROM records.published_enrolment e
        JOIN records.published_class c ON c.school_id = e.school_id AND c.id = e.class_id
       WHERE e.school_id = \(source.school)::uuid AND e.student_id = \(transcript.student)::uuid
         AND e.school_year = \(transcript.schoolYear)
      """
    )
  }

  /// A certificate registered in identity; `nil` if there is none such.
  func certificate(_ id: String) async throws(StoreError) -> RegisteredCertificate? {
    try await first(
      """
      SELECT coalesce(person_id::text, ''), coalesce(organization_id::text, ''), der,
             retire_time IS NOT NULL
        FROM identity.published_certificate WHERE id = \(id)::uuid
      """
    )
  }

  /// The policies of a kind of document that are in force on a day, or were ever.
  func policies(kind: Source.Kind, on day: String) async throws(StoreError) -> [PolicyRow] {
    try await query(
      """
      SELECT id, kind, roles, valid_from::text, coalesce(valid_to::text, '') FROM signing_policy
       WHERE kind = \(kind.rawValue) AND valid_from <= \(day)::date
         AND (valid_to IS NULL OR valid_to >= \(day)::date)
       ORDER BY valid_from DESC
      """
    )
  }

  /// The newest revision of a source's document, held against change; `nil` if there is none.
  func newestDocument(of source: Source) async throws(StoreError) -> DocumentProgress? {
    // Two who prepare the same source wait for each other here, so that no revision is made twice.
    _ = try await execute(
      "SELECT pg_advisory_xact_lock(hashtextextended(\(source.name), 0))"
    )
    return try await first(
      """
      SELECT d.id::text, d.revision, d.policy, d.payload_digest,
             coalesce((SELECT max(f.step) FROM signed_file f
                        WHERE f.school_id = d.school_id AND f.document_id = d.id), 0)
        FROM document d
       WHERE d.school_id = \(source.school)::uuid AND d.source = \(source.name)
       ORDER BY d.revision DESC LIMIT 1
      """
    )
  }

  /// Stores a new revision of a document, without any signature.
  func insert(_ document: NewDocument) async throws(StoreError) {
    let source = document.source
    _ = try await execute(
      """
      INSERT INTO document (school_id, id, source, kind, revision, policy, school_year, class_id,
                            subject, term, student_id, payload_digest)
      VALUES (\(source.school)::uuid, \(document.id)::uuid, \(source.name),
              \(source.kind.rawValue), \(document.revision), \(document.policy),
              \(document.place.schoolYear), \(document.place.schoolClass)::uuid,
              \(source.sheet?.subject), \(source.sheet?.term),
              \(source.transcript?.student)::uuid, \(document.payloadDigest))
      """
    )
  }

  /// The file after a step.
  func file(of document: String, step: Int) async throws(StoreError) -> [UInt8]? {
    try await first(
      "SELECT content FROM signed_file WHERE document_id = \(document)::uuid AND step = \(step)"
    )
  }

  /// Stores what is to be signed, before any key is touched.
  func insert(_ intent: Intent) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO intent (school_id, id, document_id, step, role, person_id, certificate_id,
                          prepared, expire_time)
      VALUES (\(intent.school)::uuid, \(intent.id)::uuid, \(intent.document)::uuid,
              \(intent.step), \(intent.role), \(intent.person)::uuid, \(intent.certificate)::uuid,
              \(intent.prepared), \(intent.expireTime)::timestamptz)
      """
    )
  }

  /// An intent of a person, held against change; `nil` if there is none such.
  func intent(_ id: String, of person: String) async throws(StoreError) -> StoredIntent? {
    try await first(
      """
      SELECT i.id::text, i.document_id::text, d.source, d.revision, i.step, i.role,
             i.certificate_id::text, i.prepared, i.expire_time < now(), i.complete_time IS NOT NULL,
             coalesce((SELECT max(f.step) FROM signed_file f
                        WHERE f.school_id = d.school_id AND f.document_id = d.id), 0)
        FROM intent i JOIN document d ON d.school_id = i.school_id AND d.id = i.document_id
       WHERE i.id = \(id)::uuid AND i.person_id = \(person)::uuid
         FOR UPDATE OF i
      """
    )
  }

  /// Stores the file with one more signature, and closes its intent.
  func complete(_ intent: StoredIntent, with file: SignedFile) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO signed_file (school_id, document_id, step, role, signer, person_id,
                               certificate_id, signing_time, content, content_digest)
      VALUES (\(file.school)::uuid, \(intent.document)::uuid, \(intent.step), \(intent.role),
              \(file.signer), \(file.person)::uuid, \(intent.certificate)::uuid,
              \(file.signingTime)::timestamptz, \(file.content), \(file.contentDigest))
      """
    )
    _ = try await execute(
      "UPDATE intent SET complete_time = now() WHERE id = \(intent.id)::uuid"
    )
  }
}

/// Where a source belongs, and who answers for it there.
struct SourcePlace: Sendable, RowDecodable {
  let schoolClass: String
  let schoolYear: String
  /// Staff codes.
  let classTeacher: String
  let subjectTeacher: String

  init(row: inout Row) throws(StoreError) {
    schoolClass = try row.next()
    schoolYear = try row.next()
    classTeacher = try row.next()
    subjectTeacher = try row.next()
  }
}

/// A certificate as identity publishes it.
struct RegisteredCertificate: Sendable, RowDecodable {
  /// Id of the person who holds it; empty for a seal.
  let person: String
  /// Id of the organisation whose seal it is; empty for a person's.
  let organization: String
  let der: [UInt8]
  let isRetired: Bool

  init(row: inout Row) throws(StoreError) {
    person = try row.next()
    organization = try row.next()
    der = try row.next()
    isRetired = try row.next()
  }
}

/// A signing policy: who signs a kind of document, in which order.
struct PolicyRow: Sendable, RowDecodable {
  let id: String
  let kind: String
  let roles: [String]
  let validFrom: String
  let validTo: String

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    kind = try row.next()
    roles = try row.next()
    validFrom = try row.next()
    validTo = try row.next()
  }

  /// The policy as signatures name it; `nil` for data that is none.
  var policy: SigningPolicy? {
    let steps = roles.compactMap(SignerRole.init(rawValue:))
    return steps.count == roles.count ? SigningPolicy(id: id, steps: steps) : nil
  }
}

/// How far a document is.
struct DocumentProgress: Sendable {
  let id: String
  let revision: Int
  let policy: String
  let payloadDigest: String
  let steps: Int
}

extension DocumentProgress: RowDecodable {
  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    revision = try row.next()
    policy = try row.next()
    payloadDigest = try row.next()
    steps = try row.next()
  }
}

/// A revision that is about to begin.
struct NewDocument: Sendable {
  let id: String
  let source: Source
  let place: SourcePlace
  let revision: Int
  let policy: String
  let payloadDigest: String
}

/// Something to be signed, as it is stored.
struct Intent: Sendable {
  let school: String
  let id: String
  let document: String
  let step: Int
  let role: String
  let person: String
  let certificate: String
  let prepared: [UInt8]
  /// ISO 8601.
  let expireTime: String
}

/// An intent with the state of its document.
struct StoredIntent: Sendable, RowDecodable {
  let id: String
  let document: String
  let source: String
  let revision: Int
  let step: Int
  let role: String
  let certificate: String
  let prepared: [UInt8]
  let isExpired: Bool
  let isComplete: Bool
  /// Signatures that the document has now.
  let steps: Int

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    document = try row.next()
    source = try row.next()
    revision = try row.next()
    step = try row.next()
    role = try row.next()
    certificate = try row.next()
    prepared = try row.next()
    isExpired = try row.next()
    isComplete = try row.next()
    steps = try row.next()
  }
}

/// A file with one more signature.
struct SignedFile: Sendable {
  let school: String
  let signer: String
  let person: String
  /// ISO 8601, as the signature claims it.
  let signingTime: String
  let content: [UInt8]
  /// SHA-256, hex.
  let contentDigest: String
}
