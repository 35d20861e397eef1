import API
import Crypto
import Foundation
import Postgres

extension Transaction {
  /// What a certificate of a holder must say; `nil` if there is no such holder.
  func names(of holder: CertificateHolder) async throws(StoreError) -> HolderNames? {
    try await first(
      """
      SELECT display_name, personal_id FROM person WHERE id = \(holder.person)::uuid
      UNION ALL
      SELECT display_name, code FROM organization WHERE id = \(holder.organization)::uuid
      """
    )
  }

  /// Stores a certificate.
  func insert(
    _ certificate: Certificate,
    id: String,
    of holder: CertificateHolder
  ) async throws(StoreError) {
    _ = try await execute(
      """
      INSERT INTO certificate (id, person_id, organization_id, der, fingerprint, subject, issuer,
                               start_time, expire_time)
      VALUES (\(id)::uuid, \(holder.person)::uuid, \(holder.organization)::uuid,
              \(certificate.der), \(certificate.fingerprint), \(certificate.commonName),
              \(certificate.issuer), to_timestamp(\(Int(certificate.notBefore))::bigint),
              to_timestamp(\(Int(certificate.notAfter))::bigint))
      """
    )
  }

  /// A holder's certificates, the newest first.
  func certificates(
    of holder: CertificateHolder
  ) async throws(StoreError) -> [CertificateRow] {
    try await query(
      """
      SELECT id::text, der, subject, issuer, extract(epoch FROM start_time)::bigint,
             extract(epoch FROM expire_time)::bigint, extract(epoch FROM retire_time)::bigint
        FROM certificate
       WHERE person_id = \(holder.person)::uuid OR organization_id = \(holder.organization)::uuid
       ORDER BY id DESC
      """
    )
  }

  /// Takes a certificate out of use; whether the holder has such a one.
  func retireCertificate(
    _ id: String,
    of holder: CertificateHolder
  ) async throws(StoreError) -> Bool {
    try await execute(
      """
      UPDATE certificate SET retire_time = coalesce(retire_time, now())
       WHERE id = \(id)::uuid AND (person_id = \(holder.person)::uuid
             OR organization_id = \(holder.organization)::uuid)
      """
    ) == 1
  }
}

/// What a certificate must say of its holder.
struct HolderNames: Sendable, RowDecodable {
  let displayName: String
  /// Personal id of a person, code of an organisation; empty if not known.
  let number: String

  init(row: inout Row) throws(StoreError) {
    displayName = try row.next()
    number = try row.next()
  }

  /// Whether a certificate names this holder: the name, and the number where both have one.
  func fits(_ certificate: Certificate) -> Bool {
    let name = certificate.commonName.precomposedStringWithCanonicalMapping
    guard name == displayName else { return false }
    guard let stated = certificate.subjectSerialNumber, !number.isEmpty else { return true }
    // Authorities write a number with or without a prefix such as `CCCD:` (ETSI EN 319 412-1).
    return stated == number || stated.hasSuffix(":\(number)") || stated.hasSuffix("-\(number)")
  }
}

/// A certificate as stored.
struct CertificateRow: Sendable, RowDecodable {
  let id: String
  let der: [UInt8]
  let subject: String
  let issuer: String
  let startTime: Int64
  let expireTime: Int64
  let retireTime: Int64?

  init(row: inout Row) throws(StoreError) {
    id = try row.next()
    der = try row.next()
    subject = try row.next()
    issuer = try row.next()
    startTime = try row.next()
    expireTime = try row.next()
    retireTime = try row.next()
  }

  func wire(of holder: CertificateHolder) -> IdentityV1.Certificate {
    IdentityV1.Certificate(
      name: "\(holder.name)/certificates/\(id)",
      der: der,
      subject: subject,
      issuer: issuer,
      startTime: .init(seconds: startTime, nanos: 0),
      expireTime: .init(seconds: expireTime, nanos: 0),
      retireTime: retireTime.map { .init(seconds: $0, nanos: 0) }
    )
  }
}
