import API
import Crypto
import GRPC

/// Somebody who signs: at the services as themselves, with the key in hand.
struct Signer: Sendable {
  let desk: Desk
  let key: SigningKey
  /// The certificate's name in identity.
  let certificate: String

  /// How many documents one call prepares: their payloads fit well into a message of 4 MiB.
  static let batchSize = 50

  /// Signs documents of one school; one that cannot be signed does not keep the others.
  func sign(
    _ sources: [String],
    as capacity: SigningV1.Capacity,
    in school: String
  ) async throws -> SigningOutcome {
    var outcome = SigningOutcome()
    var waiting = stride(from: 0, to: sources.count, by: Self.batchSize).map {
      Array(sources[$0..<min($0 + Self.batchSize, sources.count)])
    }
    while let batch = waiting.popLast() {
      do {
        outcome.documents += try await signBatch(batch, as: capacity, in: school)
      } catch let error as RPCError where error.code == .failedPrecondition {
        let complaint = Complaint(error)
        let blamed = batch.count == 1 ? batch[0] : complaint.metadata["source"]
        if let blamed, batch.contains(blamed) {
          outcome.refusals.append(.init(source: blamed, complaint: complaint))
          waiting.append(batch.filter { $0 != blamed })
        } else {
          // The refusal names no document: each is asked for by itself.
          waiting += batch.map { [$0] }
        }
        waiting.removeAll(where: \.isEmpty)
      }
    }
    return outcome
  }

  /// Prepare, look at it, sign it, complete.
  private func signBatch(
    _ sources: [String],
    as capacity: SigningV1.Capacity,
    in school: String
  ) async throws -> [SigningV1.Document] {
    let prepare = SigningV1.PrepareSignaturesRequest(
      parent: school,
      capacity: capacity,
      sources: sources,
      certificate: certificate,
      requestID: Desk.requestID()
    )
    let prepared = try await desk.call {
      try await desk.signatures.prepareSignatures(prepare, options: $0)
    }
    guard prepared.intents.map(\.source) == sources else {
      throw Failure(
        words("Dịch vụ chuẩn bị sai văn bản.", "The service has prepared other documents.")
      )
    }
    let complete = SigningV1.CompleteSignaturesRequest(
      parent: school,
      signatures: try prepared.intents.map { .init(intent: $0.name, value: try key.sign($0)) },
      requestID: Desk.requestID()
    )
    return try await desk.call {
      try await desk.signatures.completeSignatures(complete, options: $0)
    }.documents
  }
}

/// What became of documents that were to be signed.
struct SigningOutcome: Sendable {
  var documents: [SigningV1.Document] = []
  var refusals: [Refused] = []

  /// A document that the service would not have signed.
  struct Refused: Sendable {
    let source: String
    let complaint: Complaint
  }

  /// That nobody is there to sign these.
  static func nobody(for sources: [String]) -> SigningOutcome {
    let complaint = Complaint(
      RPCError(.failedPrecondition, words("không có người kí", "there is nobody to sign"))
    )
    return SigningOutcome(refusals: sources.map { .init(source: $0, complaint: complaint) })
  }

  static func + (left: SigningOutcome, right: SigningOutcome) -> SigningOutcome {
    SigningOutcome(
      documents: left.documents + right.documents,
      refusals: left.refusals + right.refusals
    )
  }
}

extension Desk {
  /// Registers a certificate to a holder, `people/{id}` or `organizations/{id}`.
  ///
  /// - Returns: The certificate's name; that of before, if it is registered already.
  func register(_ key: SigningKey, to holder: String) async throws -> String {
    let request = IdentityV1.RegisterCertificateRequest(
      parent: holder,
      certificate: key.certificate.der,
      proof: try key.proof(for: holder),
      requestID: Self.requestID()
    )
    do {
      return try await call { try await certificates.registerCertificate(request, options: $0) }
        .name
    } catch let error as RPCError where Complaint(error).reason == "CERTIFICATE_TAKEN" {
      return try await registered(key, to: holder)
    }
  }

  /// The name of a certificate that is registered to a holder.
  func registered(_ key: SigningKey, to holder: String) async throws -> String {
    let answer = try await call {
      try await certificates.listCertificates(.init(parent: holder), options: $0)
    }
    let found = answer.certificates.first { $0.der == key.certificate.der && $0.retireTime == nil }
    guard let found else {
      throw Failure(
        words(
          "Chứng thư số này chưa được đăng kí: hocba certificate register.",
          "This certificate is not registered: hocba certificate register."
        )
      )
    }
    return found.name
  }

  /// The person who is signed in, `people/{id}`, with the roles.
  func session() async throws -> IdentityV1.Session {
    try await call { try await sessions.getSession(.init(), options: $0) }
  }
}
