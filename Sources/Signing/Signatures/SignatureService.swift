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
    let school = try call.id(of: request.parent, in: "schools", field: "parent")
    let grant = try await call.authorize(on: school)
    let (capacity, sources) = try decode(request, school)
    let places = try await places(of: sources, grant, call)
    try await authorize(capacity, places, grant, call)
    let signer = try await signer(request, capacity, school, grant, call)
    let payloads = try await source.payloads(of: sources, for: call)
    for (source, payload) in zip(sources, payloads) {
      guard payload.openItems.isEmpty, !payload.bytes.isEmpty else {
        throw SigningError.documentIncomplete(source: source.name, openItems: payload.openItems)
      }
    }
    return try await call.write(grant, request.requestID, request) { write in
      let batch = Batch(
        capacity: capacity,
        signer: signer,
        person: try call.caller.id,
        policies: try await write.transaction.policies(kind: sources[0].kind),
        newest: try await write.transaction.newestDocuments(of: sources, school: school)
      )
      let items = sources.indices.map { index in
        Item(source: sources[index], place: places[index], payload: payloads[index])
      }
      return try await prepare(items, in: batch, write)
    }
  }

  /// `rpc CompleteSignatures`.
  func completeSignatures(
    _ request: SigningV1.CompleteSignaturesRequest,
    _ call: Call
  ) async throws -> SigningV1.CompleteSignaturesResponse {
    let school = try call.id(of: request.parent, in: "schools", field: "parent")
    let grant = try await call.authorize(on: school)
    guard (1...Self.batchLimit).contains(request.signatures.count) else {
      throw Problem.batchSize("signatures", limit: Self.batchLimit)
    }
    let ids = request.signatures.compactMap { Self.intentID($0.intent, school) }
    // Who has lost the office, the class or the subject since preparing signs no more for it.
    for intent in try await call.read(grant, { try await $0.openIntents(ids, of: call.caller.id) })
    {
      guard let capacity = Capacity(role: intent.role) else { throw Problem.internalError }
      try await authorize(capacity, [intent.place], grant, call)
    }
    return try await call.write(grant, request.requestID, request) { write in
      try await write.transaction.holdDocuments(ofIntents: ids, of: call.caller.id)
      let intents = try await write.transaction.intents(ids, of: call.caller.id)
      return try await complete(request.signatures, intents, school, write)
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
      throw Problem.batchSize("sources", limit: Self.batchLimit)
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
    let places = try await call.read(grant) { try await $0.places(of: sources) }
    // One that is missing looks like one that is another's.
    guard places.count == sources.count else { throw Problem.notAllowed }
    return places
  }

  /// Asks for each place whether the caller may sign there in this capacity.
  private func authorize(
    _ capacity: Capacity,
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
    try require(certificate, isRetired: found.isRetired)
    return Signer(id: parts[1], certificate: certificate)
  }

  /// Prepares the signatures of a batch.
  ///
  /// Until the transaction commits, nobody has anything to sign; after it, what is to be signed is
  /// on disk.
  private func prepare(
    _ items: [Item],
    in batch: Batch,
    _ write: Write
  ) async throws -> SigningV1.PrepareSignaturesResponse {
    let begun = batch.newest.values.filter { $0.steps > 0 }
    let files = begun.isEmpty ? [:] : try await write.transaction.files(of: begun)
    var documents: [NewDocument] = []
    var intents: [Intent] = []
    var answer = SigningV1.PrepareSignaturesResponse()
    for item in items {
      try Task.checkCancellation()
      var document = batch.newest[item.source.name]
      if document?.payloadDigest != item.payload.digest {
        let new = try newDocument(of: item, after: document, in: batch)
        documents.append(new)
        write.note(
          "schools/\(item.source.school)/documents/\(new.id)",
          after: item.payload.bytes
        )
        document = new.progress
      }
      guard let document else { throw Problem.internalError }
      let file = document.steps > 0 ? files[document.id] : nil
      let (intent, signature) = try prepare(item, document, file, in: batch)
      intents.append(intent)
      write.note(signature.name, after: signature.signedInfo)
      answer.intents.append(signature)
    }
    try await write.transaction.insert(documents)
    try await write.transaction.insert(intents)
    return answer
  }

  /// Prepares one signature on a document whose file, if it has any signatures yet, is given.
  private func prepare(
    _ item: Item,
    _ document: DocumentProgress,
    _ file: [UInt8]?,
    in batch: Batch
  ) throws -> (Intent, SigningV1.SignatureIntent) {
    guard let policy = batch.policies.first(where: { $0.id == document.policy })?.policy else {
      throw Problem.internalError
    }
    let source = item.source.name
    guard document.steps < policy.steps.count else {
      throw SigningError.documentIssued(source: source)
    }
    let expected = policy.steps[document.steps]
    guard expected == batch.capacity.role else {
      throw SigningError.signatureOutOfOrder(source: source, expected: expected.rawValue)
    }
    let prepared = try XAdES.prepare(
      file.map { .file($0) } ?? .payload(item.payload.bytes),
      signer: batch.signer.certificate,
      role: batch.capacity.role,
      policy: policy,
      at: Int64(kit.clock.seconds)
    )
    let expiry = kit.clock.now.addingTimeInterval(Double(intentLifetime.components.seconds))
    let intent = Intent(
      school: item.source.school,
      id: try ResourceID.make(now: kit.clock.now),
      document: document.id,
      step: document.steps + 1,
      role: batch.capacity.role.rawValue,
      person: batch.person,
      certificate: batch.signer.id,
      prepared: prepared.state,
      signingTime: ServiceClock.iso(kit.clock.now),
      expireTime: ServiceClock.iso(expiry)
    )
    let signature = SigningV1.SignatureIntent(
      name: "schools/\(intent.school)/intents/\(intent.id)",
      source: source,
      payload: item.payload.bytes,
      signedInfo: prepared.signedInfo,
      digest: prepared.digest,
      algorithm: prepared.algorithm.wire,
      expireTime: .init(seconds: Int64(expiry.timeIntervalSince1970), nanos: 0)
    )
    return (intent, signature)
  }

  /// The revision that the next signature belongs to where the newest has another payload.
  ///
  /// A half-signed revision whose payload has changed is left as it is.
  private func newDocument(
    of item: Item,
    after newest: DocumentProgress?,
    in batch: Batch
  ) throws -> NewDocument {
    let today = kit.clock.today
    guard let policy = batch.policies.first(where: { $0.isInForce(on: today) }) else {
      throw Problem.internalError
    }
    return NewDocument(
      id: try ResourceID.make(now: kit.clock.now),
      source: item.source,
      place: item.place,
      revision: (newest?.revision ?? 0) + 1,
      policy: policy.id,
      payloadDigest: item.payload.digest
    )
  }

  /// Completes signatures of one person.
  ///
  /// A crash before the commit leaves the intents as they were, to be completed
  /// again with the same values; after it, the same call gets the same answer.
  private func complete(
    _ signatures: [SigningV1.CompletedSignature],
    _ stored: [String: StoredIntent],
    _ school: String,
    _ write: Write
  ) async throws -> SigningV1.CompleteSignaturesResponse {
    // What comes behind a signature in the request sees the document as it is with it.
    var stored = stored
    var steps: [String: Int] = [:]
    var usable: Set<[UInt8]> = []
    var files: [SignedFile] = []
    var documents: [String] = []
    for signature in signatures {
      try Task.checkCancellation()
      guard let id = Self.intentID(signature.intent, school), var intent = stored[id] else {
        throw SigningError.intentNotFound(intent: signature.intent)
      }
      documents.append(intent.document)
      intent.steps = steps[intent.document] ?? intent.steps
      if !intent.isComplete { try require(intent, &usable) }
      let content = try finish(intent, with: signature)
      let digest = Hex.encode(SHA256.digest(content))
      guard !intent.isComplete else {
        // Another value for what is signed already is not the same call again.
        guard digest == intent.contentDigest else {
          throw SigningError.signatureInvalid(intent: signature.intent)
        }
        continue
      }
      files.append(
        SignedFile(
          intent: id,
          signer: try Certificate(der: intent.certificate).commonName,
          content: content,
          contentDigest: digest
        )
      )
      write.note("schools/\(school)/documents/\(intent.document)", after: content)
      steps[intent.document] = intent.step
      stored[id]?.isComplete = true
      stored[id]?.contentDigest = digest
    }
    try await write.transaction.complete(files)
    let rows = Dictionary(
      try await write.transaction.documentRows(documents).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    return try SigningV1.CompleteSignaturesResponse(
      documents: documents.map { id in
        guard let row = rows[id] else { throw Problem.internalError }
        return row.wire(content: nil)
      }
    )
  }

  /// Id of an intent of the school by its resource name; `nil` if it is none.
  private static func intentID(_ name: String, _ school: String) -> String? {
    guard let parts = ResourceName.parts(of: name, ["schools", "intents"]),
      parts[0] == school, ResourceID.isValid(parts[1])
    else { return nil }
    return parts[1]
  }

  /// Asks whether what was prepared may still be completed; `usable` are certificates that the same
  /// call has asked about.
  private func require(_ intent: StoredIntent, _ usable: inout Set<[UInt8]>) throws {
    guard intent.expiresAt > kit.clock.seconds else {
      throw SigningError.intentExpired(source: intent.source)
    }
    guard intent.step == intent.steps + 1, !intent.hasNewerRevision else {
      throw SigningError.documentChanged(source: intent.source)
    }
    guard !usable.contains(intent.certificate) else { return }
    try require(Certificate(der: intent.certificate), isRetired: intent.isRetired)
    usable.insert(intent.certificate)
  }

  /// Asks whether a certificate may be used now.
  private func require(_ certificate: Certificate, isRetired: Bool) throws {
    let verdict = trust.validate(certificate, at: Int64(kit.clock.seconds))
    guard !isRetired, verdict.verdict == .passed else {
      let retired = isRetired ? ["RETIRED"] : []
      throw SigningError.certificateNotUsable(reasons: retired + verdict.reasons.map(\.code))
    }
  }

  /// The file with the signature; the value is checked before it gets in.
  private func finish(
    _ intent: StoredIntent,
    with signature: SigningV1.CompletedSignature
  ) throws -> [UInt8] {
    do {
      return try XAdES.complete(XAdES.Prepared(state: intent.prepared), value: signature.value)
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

/// What the documents of a batch have in common.
private struct Batch: Sendable {
  let capacity: Capacity
  let signer: Signer
  /// Id of who signs.
  let person: String
  /// All of the kind, the newest first.
  let policies: [PolicyRow]
  /// The newest revisions by source.
  let newest: [String: DocumentProgress]
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
