import API
import Crypto
import Foundation
import Postgres
import ServiceKit
import XAdES

/// Signing in two steps: `hocba.signing.v1.SignatureService`.
struct SignatureService: SigningV1.SignatureServiceProvider {
  let kit: Kit
  let source: PayloadSource
  let trust: TrustStore
  let intentLifetime: Duration

  /// Documents of one batch: a class is 45, and answers stay within a message of 4 MiB.
  static let batchLimit = 200

  /// `rpc PrepareSignatures`.
  func prepareSignatures(
    _ request: SigningV1.PrepareSignaturesRequest,
    _ call: Call
  ) async throws -> SigningV1.PrepareSignaturesResponse {
    let school = try call.parts(of: request.parent, ["schools"], field: "parent")[0]
    let grant = try await call.authorize(on: school)
    let (capacity, sources) = try decode(request, school)
    let places = try await places(of: sources, grant, call)
    try await authorize(capacity, sources, places, grant, call)
    let signer = try await signer(request, capacity, school, grant, call)
    let payloads = try await source.payloads(of: sources, for: call)
    for (source, payload) in zip(sources, payloads) {
      guard payload.openItems.isEmpty, !payload.bytes.isEmpty else {
        throw SigningError.documentIncomplete(source: source.name, openItems: payload.openItems)
      }
    }
    return try await call.write(grant, request.requestID, request) { write in
      var answer = SigningV1.PrepareSignaturesResponse()
      for (index, source) in sources.enumerated() {
        let item = Item(source: source, place: places[index], payload: payloads[index])
        answer.intents.append(try await prepare(item, capacity, signer, write, by: call.caller))
      }
      return answer
    }
  }

  /// `rpc CompleteSignatures`.
  func completeSignatures(
    _ request: SigningV1.CompleteSignaturesRequest,
    _ call: Call
  ) async throws -> SigningV1.CompleteSignaturesResponse {
    let school = try call.parts(of: request.parent, ["schools"], field: "parent")[0]
    let grant = try await call.authorize(on: school)
    guard (1...Self.batchLimit).contains(request.signatures.count) else {
      throw SigningError.batchSize(limit: Self.batchLimit)
    }
    return try await call.write(grant, request.requestID, request) { write in
      var answer = SigningV1.CompleteSignaturesResponse()
      for signature in request.signatures {
        answer.documents.append(
          try await complete(signature, school, write, by: call.caller)
        )
      }
      return answer
    }
  }

  /// What is asked for, read and checked.
  private func decode(
    _ request: SigningV1.PrepareSignaturesRequest,
    _ school: String
  ) throws -> (Capacity, [Source]) {
    guard let capacity = Capacity(request.capacity) else {
      throw Problem.invalid("capacity", "phải là một tư cách kí")
    }
    guard (1...Self.batchLimit).contains(request.sources.count) else {
      throw SigningError.batchSize(limit: Self.batchLimit)
    }
    let sources = try request.sources.enumerated().map { index, name in
      guard let source = Source(name), source.school == school else {
        throw Problem.invalid("sources[\(index)]", "phải là bảng điểm hoặc học bạ của trường này")
      }
      return source
    }
    guard Set(sources).count == sources.count, Set(sources.map(\.kind)).count == 1 else {
      throw Problem.invalid("sources", "không được lặp lại hoặc trộn bảng điểm với học bạ")
    }
    return (capacity, sources)
  }

  private func places(
    of sources: [Source],
    _ grant: Grant,
    _ call: Call
  ) async throws -> [SourcePlace] {
    try await call.read(grant) { transaction in
      var places: [SourcePlace] = []
      for source in sources {
        guard let place = try await transaction.place(of: source) else { throw Problem.notAllowed }
        places.append(place)
      }
      return places
    }
  }

  /// Asks for each source whether the caller may sign it in this capacity.
  private func authorize(
    _ capacity: Capacity,
    _ sources: [Source],
    _ places: [SourcePlace],
    _ grant: Grant,
    _ call: Call
  ) async throws {
    let staffCode = try call.caller.staffCode
    for place in places {
      var relations: Set<Relation> = []
      if !staffCode.isEmpty {
        if place.classTeacher == staffCode { relations.insert(.classTeacher) }
        if place.subjectTeacher == staffCode { relations.insert(.subjectTeacher) }
      }
      _ = try await call.authorize(
        capacity.action,
        on: grant.organization ?? "",
        relations: relations
      )
    }
  }

  /// The certificate that is to be used: the caller's own, or the school's seal; in use, trusted,
  /// valid now.
  private func signer(
    _ request: SigningV1.PrepareSignaturesRequest,
    _ capacity: Capacity,
    _ school: String,
    _ grant: Grant,
    _ call: Call
  ) async throws -> Signer {
    let owner = capacity == .seal ? "organizations" : "people"
    guard let parts = ResourceName.parts(of: request.certificate, [owner, "certificates"]),
      parts.allSatisfy(ResourceID.isValid)
    else {
      throw Problem.invalid("certificate", "phải có dạng \(owner)/{id}/certificates/{id}")
    }
    let found = try await call.read(grant) { transaction in
      try await transaction.certificate(parts[1])
    }
    let holder = capacity == .seal ? school : try call.caller.id
    guard let found, parts[0] == holder,
      (capacity == .seal ? found.organization : found.person) == holder
    else { throw Problem.notAllowed }
    let certificate = try Certificate(der: found.der)
    let verdict = trust.validate(certificate, at: Int64(kit.clock.seconds))
    guard !found.isRetired, verdict.verdict == .passed else {
      let retired = found.isRetired ? ["RETIRED"] : []
      throw SigningError.certificateNotUsable(reasons: retired + verdict.reasons.map(\.code))
    }
    return Signer(id: parts[1], certificate: certificate)
  }

  /// Prepares one signature.
  ///
  /// Until the transaction commits, nobody has anything to sign; after it,
  /// what is to be signed is on disk.
  private func prepare(
    _ item: Item,
    _ capacity: Capacity,
    _ signer: Signer,
    _ write: Write,
    by caller: Caller
  ) async throws -> SigningV1.SignatureIntent {
    let transaction = write.transaction
    let document = try await currentDocument(of: item, write)
    let policy = try await policy(document.policy, of: item, transaction)
    guard document.steps < policy.steps.count else {
      throw SigningError.documentIssued(source: item.source.name)
    }
    let expected = policy.steps[document.steps]
    guard expected == capacity.role else {
      throw SigningError.signatureOutOfOrder(
        source: item.source.name,
        expected: expected.rawValue
      )
    }
    let file: [UInt8]
    if document.steps > 0,
      let stored = try await transaction.file(of: document.id, step: document.steps)
    {
      file = stored
    } else {
      file = try XAdES.document(payload: item.payload.bytes)
    }
    let prepared = try XAdES.prepare(
      file,
      signer: signer.certificate,
      role: capacity.role,
      policy: policy,
      at: Int64(kit.clock.seconds)
    )
    let expiry = kit.clock.now.addingTimeInterval(Double(intentLifetime.components.seconds))
    let intent = Intent(
      school: item.source.school,
      id: try ResourceID.make(now: kit.clock.now),
      document: document.id,
      step: document.steps + 1,
      role: capacity.role.rawValue,
      person: caller.id,
      certificate: signer.id,
      prepared: prepared.state,
      expireTime: ServiceClock.iso(expiry)
    )
    try await transaction.insert(intent)
    let name = "schools/\(intent.school)/intents/\(intent.id)"
    write.note(name, after: prepared.signedInfo)
    return SigningV1.SignatureIntent(
      name: name,
      source: item.source.name,
      payload: item.payload.bytes,
      signedInfo: prepared.signedInfo,
      digest: prepared.digest,
      algorithm: prepared.algorithm.wire,
      expireTime: .init(seconds: Int64(expiry.timeIntervalSince1970), nanos: 0)
    )
  }

  /// The revision that the next signature belongs to: the newest with the present payload, or a new
  /// one.
  ///
  /// A half-signed revision whose payload has changed is left as it is.
  private func currentDocument(of item: Item, _ write: Write) async throws -> DocumentProgress {
    let transaction = write.transaction
    let newest = try await transaction.newestDocument(of: item.source)
    if let newest, newest.payloadDigest == item.payload.digest { return newest }
    let policies = try await transaction.policies(kind: item.source.kind, on: kit.clock.today)
    guard let policy = policies.first else { throw Problem.internalError }
    let document = NewDocument(
      id: try ResourceID.make(now: kit.clock.now),
      source: item.source,
      place: item.place,
      revision: (newest?.revision ?? 0) + 1,
      policy: policy.id,
      payloadDigest: item.payload.digest
    )
    try await transaction.insert(document)
    write.note("schools/\(item.source.school)/documents/\(document.id)", after: item.payload.bytes)
    return DocumentProgress(
      id: document.id,
      revision: document.revision,
      policy: policy.id,
      payloadDigest: item.payload.digest,
      steps: 0
    )
  }

  private func policy(
    _ id: String,
    of item: Item,
    _ transaction: Transaction
  ) async throws -> SigningPolicy {
    guard let policy = try await transaction.policy(id)?.policy else { throw Problem.internalError }
    return policy
  }

  /// Completes one signature.
  ///
  /// A crash before the commit leaves the intent as it was, to be completed
  /// again with the same value; after it, the same call gets the same answer.
  private func complete(
    _ signature: SigningV1.CompletedSignature,
    _ school: String,
    _ write: Write,
    by caller: Caller
  ) async throws -> SigningV1.Document {
    let transaction = write.transaction
    guard let parts = ResourceName.parts(of: signature.intent, ["schools", "intents"]),
      parts[0] == school, ResourceID.isValid(parts[1]),
      let intent = try await transaction.intent(parts[1], of: caller.id)
    else { throw SigningError.intentNotFound(intent: signature.intent) }
    if !intent.isComplete {
      guard !intent.isExpired else { throw SigningError.intentExpired(source: intent.source) }
      guard intent.step == intent.steps + 1 else {
        throw SigningError.documentChanged(source: intent.source)
      }
      let file = try finish(intent, signature, school, by: caller)
      try await transaction.complete(intent, with: file)
      write.note("schools/\(school)/documents/\(intent.document)", after: file.content)
    }
    guard let row = try await transaction.documentRow(intent.document) else {
      throw Problem.internalError
    }
    return row.wire(content: nil)
  }

  private func finish(
    _ intent: StoredIntent,
    _ signature: SigningV1.CompletedSignature,
    _ school: String,
    by caller: Caller
  ) throws -> SignedFile {
    do {
      let prepared = try XAdES.Prepared(state: intent.prepared)
      let content = try XAdES.complete(prepared, value: signature.value)
      let report = XAdES.verify(
        content,
        trust: trust,
        now: Int64(kit.clock.seconds),
        policies: []
      )
      guard let made = report.signatures.last else { throw Problem.internalError }
      return SignedFile(
        school: school,
        signer: made.signer,
        person: caller.id,
        signingTime: ServiceClock.iso(
          Date(timeIntervalSince1970: Double(made.signingTime))
        ),
        content: content,
        contentDigest: Hex.encode(SHA256.digest(content))
      )
    } catch XAdESError.wrongValue {
      throw SigningError.signatureInvalid(intent: signature.intent)
    }
  }
}

/// One document of a batch: what it is made of, where it belongs, what its payload is now.
private struct Item: Sendable {
  let source: Source
  let place: SourcePlace
  let payload: Payload
}

/// A certificate that is to be used.
private struct Signer: Sendable {
  let id: String
  let certificate: Certificate
}

extension SignatureAlgorithm {
  /// The algorithm as the contract has it.
  fileprivate var wire: SigningV1.SignatureAlgorithm {
    switch self {
    case .ecdsaP256: .ecdsaP256Sha256
    case .ecdsaP384: .ecdsaP384Sha384
    case .rsaPKCS1: .rsaPkcs1Sha256
    case .rsaPSS: .unspecified
    }
  }
}
