import API
import Crypto
import Postgres
import Protobuf
import ServiceKit

/// Certificates that people and schools sign with: `hocba.identity.v1.CertificateService`.
struct CertificateService: IdentityV1.CertificateServiceProvider {
  let kit: Kit
  let trust: TrustStore

  /// `rpc RegisterCertificate`.
  func registerCertificate(
    _ request: IdentityV1.RegisterCertificateRequest,
    _ call: Call
  ) async throws -> IdentityV1.Certificate {
    let holder = try CertificateHolder(request.parent, call, field: "parent")
    let grant = try await authorize(holder, call)
    let certificate = try read(request.certificate)
    let text = "hocba:register-certificate:\(request.parent):\(Hex.encode(certificate.fingerprint))"
    guard
      certificate.publicKey.verify(
        request.proof,
        of: Array(text.utf8),
        by: certificate.publicKey.kind.algorithm
      )
    else { throw IdentityError.proofInvalid }
    let verdict = trust.validate(certificate, at: Int64(kit.clock.seconds))
    guard verdict.verdict == .passed else {
      throw IdentityError.certificateNotTrusted(reasons: verdict.reasons.map(\.code))
    }
    let id = try ResourceID.make(now: kit.clock.now)
    return try await call.write(grant, request.requestID, request) { write in
      let named = try await write.transaction.names(of: holder)
      guard let named, named.fits(certificate) else {
        throw IdentityError.certificateHolderMismatch
      }
      do {
        try await write.transaction.insert(certificate, id: id, of: holder)
      } catch StoreError.constraint(name: "certificate_fingerprint", _) {
        throw IdentityError.certificateTaken
      }
      return try await written(id, of: holder, write)
    }
  }

  /// `rpc ListCertificates`.
  func listCertificates(
    _ request: IdentityV1.ListCertificatesRequest,
    _ call: Call
  ) async throws -> IdentityV1.ListCertificatesResponse {
    let holder = try CertificateHolder(request.parent, call, field: "parent")
    let grant = try await authorize(holder, call)
    let rows = try await call.read(grant) { try await $0.certificates(of: holder) }
    return .init(certificates: rows.map { $0.wire(of: holder) })
  }

  /// `rpc RetireCertificate`.
  func retireCertificate(
    _ request: IdentityV1.RetireCertificateRequest,
    _ call: Call
  ) async throws -> IdentityV1.Certificate {
    let segments = request.name.split(separator: "/", omittingEmptySubsequences: false)
    let parent = segments.prefix(2).joined(separator: "/")
    let holder = try CertificateHolder(parent, call, field: "name")
    let grant = try await authorize(holder, call)
    guard segments.count == 4, segments[2] == "certificates",
      ResourceID.isValid(String(segments[3]))
    else { throw Problem.notAllowed }
    let id = String(segments[3])
    return try await call.write(grant, request.requestID, request) { write in
      guard try await write.transaction.retireCertificate(id, of: holder) else {
        throw Problem.notAllowed
      }
      return try await written(id, of: holder, write)
    }
  }

  /// A person's certificates are the person's own affair; a seal's, the school's.
  private func authorize(_ holder: CertificateHolder, _ call: Call) async throws -> Grant {
    switch holder {
    case .person(let id): try await call.authorize(onPerson: id)
    case .organization(let id): try await call.authorize(on: id)
    }
  }

  private func read(_ bytes: [UInt8]) throws(IdentityError) -> Certificate {
    do throws(CryptoError) {
      // PEM begins with a dash; DER with a SEQUENCE.
      return bytes.first == UInt8(ascii: "-")
        ? try Certificate(pem: String(decoding: bytes, as: UTF8.self))
        : try Certificate(der: bytes)
    } catch {
      throw .certificateInvalid
    }
  }

  private func written(
    _ id: String,
    of holder: CertificateHolder,
    _ write: Write
  ) async throws -> IdentityV1.Certificate {
    guard
      let row = try await write.transaction.certificates(of: holder).first(where: { $0.id == id })
    else { throw Problem.internalError }
    let wire = row.wire(of: holder)
    write.note(wire.name, after: wire.encoded())
    return wire
  }
}

/// Whose a certificate is.
enum CertificateHolder: Sendable {
  case person(String)
  case organization(String)

  /// Reads `people/{person}` or `organizations/{organization}`.
  init(_ name: String, _ call: Call, field: String) throws(Problem) {
    if let parts = ResourceName.parts(of: name, ["people"]) {
      self = .person(parts[0])
    } else {
      self = .organization(try call.id(of: name, in: "organizations", field: field))
    }
  }

  var name: String {
    switch self {
    case .person(let id): "people/\(id)"
    case .organization(let id): "organizations/\(id)"
    }
  }

  /// Id of the person; `nil` for a seal.
  var person: String? { if case .person(let id) = self { id } else { nil } }
  /// Id of the organisation; `nil` for a person's.
  var organization: String? { if case .organization(let id) = self { id } else { nil } }
}
