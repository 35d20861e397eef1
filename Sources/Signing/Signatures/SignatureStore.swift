import Crypto
import Postgres
import XAdES

extension Transaction {
  /// The classes of mark sheets, or of pupils in a year, with who teaches there, in the order of
  /// the sources; those that there are not are left out.
  func places(of sources: [Source]) async throws(StoreError) -> [SourcePlace] {
    let sheets = sources.compactMap(\.sheet)
    let transcripts = sources.compactMap(\.transcript)
    guard sheets.isEmpty else {
      return try await query(
        """
        SELECT c.id::text, c.school_year, c.class_teacher, coalesce(a.teacher, '')
          FROM unnest(\(sheets.map(\.schoolClass))::uuid[], \(sheets.map(\.subject))::text[])
               WITH ORDINALITY AS s (class_id, subject, position)
          JOIN records.published_class c
            ON c.school_id = current_setting('hocba.school')::uuid AND c.id = s.class_id
          LEFT JOIN records.published_assignment a
            ON a.school_id = c.school_id AND a.class_id = c.id AND a.subject = s.subject
         ORDER BY s.position
        """
      )
    }
    return try await query(
      """
      SELECT c.id::text, c.school_year, c.class_teacher, ''
        FROM unnest(\(transcripts.map(\.student))::uuid[],
                    \(transcripts.map(\.schoolYear))::text[])
             WITH ORDINALITY AS s (student_id, school_year, position)
        JOIN records.published_enrolment e
          ON e.school_id = current_setting('hocba.school')::uuid
         AND e.student_id = s.student_id AND e.school_year = s.school_year
        JOIN records.published_class c ON c.school_id = e.school_id AND c.id = e.class_id
       ORDER BY s.position
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

  /// The policies of a kind of document, in force or not, the newest first.
  func policies(kind: Source.Kind) async throws(StoreError) -> [PolicyRow] {
    try await query(
      """
      SELECT id, kind, roles, valid_from::text, coalesce(valid_to::text, '') FROM signing_policy
       WHERE kind = \(kind.rawValue) ORDER BY valid_from DESC
      """
    )
  }

  /// The newest revisions of sources' documents by source, held against change.
  func newestDocuments(
    of sources: [Source],
    school: String
  ) async throws(StoreError) -> [String: DocumentProgress] {
    let names = sources.map(\.name)
    // Those who work on the same source wait for each other, in one order, whether there is a
    // document yet or not; so no revision and no signature is made twice.
    _ = try await execute(
      """
      SELECT pg_advisory_xact_lock(key)
        FROM (SELECT DISTINCT hashtextextended(name, 0) AS key
                FROM unnest(\(names)::text[]) AS name ORDER BY key) AS keys
      """
    )
    let rows: [DocumentProgress] = try await query(
      """
      SELECT DISTINCT ON (d.source) d.source, d.id::text, d.revision, d.policy, d.payload_digest,
             coalesce((SELECT max(f.step) FROM signed_file f
                        WHERE f.school_id = d.school_id AND f.document_id = d.id), 0)
        FROM document d
       WHERE d.school_id = \(school)::uuid AND d.source = ANY(\(names))
       ORDER BY d.source, d.revision DESC
      """
    )
    return Dictionary(rows.map { ($0.source, $0) }) { first, _ in first }
  }

  /// Holds the documents of a person's intents against change, as `newestDocuments` does.
  func holdDocuments(ofIntents ids: [String], of person: String) async throws(StoreError) {
    _ = try await execute(
      """
      SELECT pg_advisory_xact_lock(key)
        FROM (SELECT DISTINCT hashtextextended(d.source, 0) AS key
                FROM intent i JOIN document d ON d.school_id = i.school_id AND d.id = i.document_id
               WHERE i.id = ANY(\(ids)::uuid[]) AND i.person_id = \(person)::uuid
               ORDER BY key) AS keys
      """
    )
  }

  /// Where a person's intents belong that are not completed yet.
  func openIntents(_ ids: [String], of person: String) async throws(StoreError) -> [OpenIntent] {
    try await query(
      """
      SELECT i.role, c.id::text, c.school_year, c.class_teacher, coalesce(a.teacher, '')
        FROM intent i
        JOIN document d ON d.school_id = i.school_id AND d.id = i.document_id
        JOIN records.published_class c ON c.school_id = d.school_id AND c.id = d.class_id
        LEFT JOIN records.published_assignment a
          ON a.school_id = d.school_id AND a.class_id = d.class_id AND a.subject = d.subject
       WHERE i.id = ANY(\(ids)::uuid[]) AND i.person_id = \(person)::uuid
         AND i.complete_time IS NULL
      """
    )
  }

  /// Stores new revisions of documents, without any signature.
  func insert(_ documents: [NewDocument]) async throws(StoreError) {
    try await execute(documents.map(\.insertion))
  }

  /// The files after given steps of documents, by id of the document.
  func files(of documents: [DocumentProgress]) async throws(StoreError) -> [String: [UInt8]] {
    let rows: [FileRow] = try await query(
      """
      SELECT f.document_id::text, f.content
        FROM unnest(\(documents.map(\.id))::uuid[], \(documents.map(\.steps))::int[]) AS d (id, step)
        JOIN signed_file f ON f.document_id = d.id AND f.step = d.step
      """
    )
    return Dictionary(rows.map { ($0.document, $0.content) }) { first, _ in first }
  }

  /// The file after a step.
  func file(of document: String, step: Int) async throws(StoreError) -> [UInt8]? {
    try await first(
      "SELECT content FROM signed_file WHERE document_id = \(document)::uuid AND step = \(step)"
    )
  }

  /// Stores what is to be signed, before any key is touched.
  func insert(_ intents: [Intent]) async throws(StoreError) {
    try await execute(intents.map(\.insertion))
  }

  /// Intents of a person by id, held against change; those that there are not are left out.
  func intents(
    _ ids: [String],
    of person: String
  ) async throws(StoreError) -> [String: StoredIntent] {
    let intents: [StoredIntent] = try await query(
      """
      SELECT i.id::text, i.document_id::text, d.source, i.step, i.prepared,
             extract(epoch FROM i.expire_time)::bigint, i.complete_time IS NOT NULL,
             c.der, c.retire_time IS NOT NULL,
             coalesce((SELECT max(f.step) FROM signed_file f
                        WHERE f.school_id = d.school_id AND f.document_id = d.id), 0),
             coalesce((SELECT f.content_digest FROM signed_file f
                        WHERE f.school_id = d.school_id AND f.document_id = d.id
                          AND f.step = i.step), ''),
             EXISTS (SELECT FROM document n WHERE n.school_id = d.school_id
                        AND n.source = d.source AND n.revision > d.revision)
        FROM intent i
        JOIN document d ON d.school_id = i.school_id AND d.id = i.document_id
        JOIN identity.published_certificate c ON c.id = i.certificate_id
       WHERE i.id = ANY(\(ids)::uuid[]) AND i.person_id = \(person)::uuid
         FOR UPDATE OF i
      """
    )
    return Dictionary(intents.map { ($0.id, $0) }) { first, _ in first }
  }

  /// Stores files with one more signature each, and closes their intents.
  func complete(_ files: [SignedFile]) async throws(StoreError) {
    try await execute(files.map(\.insertion))
    try await execute(
      "UPDATE intent SET complete_time = now() WHERE id = ANY(\(files.map(\.intent))::uuid[])"
    )
  }
}

private struct FileRow: RowDecodable {
  let document: String
  let content: [UInt8]

  init(row: inout Row) throws(StoreError) {
    document = try row.next()
    content = try row.next()
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

/// An intent that waits for its signature.
struct OpenIntent: Sendable, RowDecodable {
  /// As the file has it.
  let role: String
  let place: SourcePlace

  init(row: inout Row) throws(StoreError) {
    role = try row.next()
    place = try SourcePlace(row: &row)
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

extension PolicyRow {
  /// Whether new documents follow it on a day.
  func isInForce(on day: String) -> Bool {
    validFrom <= day && (validTo.isEmpty || day <= validTo)
  }
}

/// How far a document is.
struct DocumentProgress: Sendable {
  let source: String
  let id: String
  let revision: Int
  let policy: String
  let payloadDigest: String
  let steps: Int
}

extension DocumentProgress: RowDecodable {
  init(row: inout Row) throws(StoreError) {
    source = try row.next()
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

  /// How far it is once it is stored.
  var progress: DocumentProgress {
    DocumentProgress(
      source: source.name,
      id: id,
      revision: revision,
      policy: policy,
      payloadDigest: payloadDigest,
      steps: 0
    )
  }

  fileprivate var insertion: SQL {
    """
    INSERT INTO document (school_id, id, source, kind, revision, policy, school_year, class_id,
                          subject, term, student_id, payload_digest)
    VALUES (\(source.school)::uuid, \(id)::uuid, \(source.name), \(source.kind.rawValue),
            \(revision), \(policy), \(place.schoolYear), \(place.schoolClass)::uuid,
            \(source.sheet?.subject), \(source.sheet?.term), \(source.transcript?.student)::uuid,
            \(payloadDigest))
    """
  }
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
  /// As the signature claims it, ISO 8601.
  let signingTime: String
  /// ISO 8601.
  let expireTime: String

  fileprivate var insertion: SQL {
    """
    INSERT INTO intent (school_id, id, document_id, step, role, person_id, certificate_id, prepared,
                        signing_time, expire_time)
    VALUES (\(school)::uuid, \(id)::uuid, \(document)::uuid, \(step), \(role), \(person)::uuid,
            \(certificate)::uuid, \(prepared), \(signingTime)::timestamptz,
            \(expireTime)::timestamptz)
    """
  }
}

/// An intent with the state of its document and of its certificate.
struct StoredIntent: Sendable, RowDecodable {
  let id: String
  let document: String
  let source: String
  let step: Int
  let prepared: [UInt8]
  /// Seconds since 1970.
  let expiresAt: Int
  var isComplete: Bool
  /// DER.
  let certificate: [UInt8]
  /// Whether the certificate has been taken out of use.
  let isRetired: Bool
  /// Signatures that the document has now.
  var steps: Int
  /// Digest of the file after this step; empty if there is none yet.
  var contentDigest: String
  let hasNewerRevision: Bool

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    document = try row.next()
    source = try row.next()
    step = try row.next()
    prepared = try row.next()
    expiresAt = try row.next()
    isComplete = try row.next()
    certificate = try row.next()
    isRetired = try row.next()
    steps = try row.next()
    contentDigest = try row.next()
    hasNewerRevision = try row.next()
  }
}

/// A file with one more signature.
struct SignedFile: Sendable {
  /// Id of the intent that it completes.
  let intent: String
  /// Name in the certificate.
  let signer: String
  let content: [UInt8]
  /// SHA-256, hex.
  let contentDigest: String

  fileprivate var insertion: SQL {
    """
    INSERT INTO signed_file (school_id, document_id, step, role, signer, person_id, certificate_id,
                             signing_time, content, content_digest)
    SELECT school_id, document_id, step, role, \(signer), person_id, certificate_id, signing_time,
           \(content), \(contentDigest)
      FROM intent WHERE id = \(intent)::uuid
    """
  }
}
