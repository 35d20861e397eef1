package import Crypto

/// XAdES signatures (ETSI EN 319 132-1, level B-B) on documents of ours, made in two steps so that
/// the key can be elsewhere.
package enum XAdES {
  /// A signature that only lacks its value.
  package struct Prepared: Sendable, Equatable {
    /// What the key signs: the canonical *SignedInfo*.
    package let signedInfo: [UInt8]
    /// Its digest by `algorithm`, for a key that signs digests.
    package let digest: [UInt8]
    package let algorithm: SignatureAlgorithm
    /// All that `complete` needs, to be stored before a key is used.
    package let state: [UInt8]
    /// `state`, taken apart.
    fileprivate let file: SignedDocument

    /// What was prepared, from its stored state.
    package init(state: [UInt8]) throws(XAdESError) {
      let file = try SignedDocument(reading: state)
      guard let last = file.signatures.last, last.value.isEmpty else {
        throw .malformed("a prepared signature")
      }
      self.init(last, in: file, state: state)
    }

    fileprivate init(_ signature: SignatureValues, in file: SignedDocument, state: [UInt8]) {
      signedInfo = signature.canonicalSignedInfo
      algorithm = signature.algorithm
      digest = algorithm.digest(signedInfo)
      self.state = state
      self.file = file
    }
  }

  /// What the next signature is put on.
  package enum Base: Sendable {
    /// What `document(payload:)` or `complete` gave.
    case file([UInt8])
    /// A payload that nobody has signed, as `document(payload:)` takes it.
    case payload([UInt8])
  }

  /// The unsigned document of a payload: the exclusive C14N of
  /// `<hb:Payload xmlns:hb="urn:hocba:document:1" Id="payload">`.
  package static func document(payload: [UInt8]) throws(XAdESError) -> [UInt8] {
    try SignedDocument(payload: payload).rendered
  }

  /// The next signature of a document, over its payload and all signatures before.
  ///
  /// The signatures before must hold;
  /// whether their certificates are trusted is `verify`'s to say. `chain` has the intermediates
  /// that verifiers may lack, the signer's issuer first. `time` is the signing time that is
  /// claimed, Unix time; `algorithm` is the usual one of the certificate's key unless given.
  package static func prepare(
    _ base: Base,
    signer: Certificate,
    chain: [Certificate] = [],
    role: SignerRole,
    policy: SigningPolicy,
    at time: Int64,
    algorithm: SignatureAlgorithm? = nil
  ) throws(XAdESError) -> Prepared {
    var file =
      switch base {
      case .file(let document): try SignedDocument(reading: document)
      case .payload(let payload): try SignedDocument(payload: payload)
      }
    for signature in file.signatures {
      if let flaw = try flaw(of: signature, in: file) { throw .broken(flaw) }
    }
    let count = file.signatures.count
    let expected = count < policy.steps.count ? policy.steps[count] : nil
    guard role == expected else { throw .wrongStep(expected: expected) }
    let isSamePolicy = file.signatures.allSatisfy {
      $0.policyID == policy.id && $0.policyDigest == policy.digest
    }
    guard isSamePolicy else { throw .otherPolicy(policy.id) }
    let algorithm = algorithm ?? signer.publicKey.kind.algorithm
    guard signer.publicKey.kind.algorithms.contains(algorithm) else { throw .wrongAlgorithm }
    guard SigningTime.range.contains(time), chain.count < SignedDocument.maximumCertificates else {
      throw .malformed("signing time and chain")
    }
    var signature = SignatureValues(
      number: count + 1,
      algorithm: algorithm,
      payloadDigest: SHA256.digest(file.payload),
      earlierDigests: file.signatures.map { SHA256.digest($0.canonicalValue) },
      propertiesDigest: [],
      value: [],
      certificates: ([signer] + chain).map(\.der),
      signingTime: time,
      policyID: policy.id,
      policyDigest: policy.digest,
      role: role
    )
    signature.propertiesDigest = SHA256.digest(signature.canonicalProperties)
    file.signatures.append(signature)
    return Prepared(signature, in: file, state: file.rendered)
  }

  /// The document with the signature that was prepared; the same for the same arguments.
  ///
  /// The value is PKCS#1 or PSS as they are, or ECDSA as r‖s of 64 or 96 bytes. The whole file is
  /// read and checked again as any reader would, the new signature as those before.
  package static func complete(
    _ prepared: Prepared,
    value: [UInt8]
  ) throws(XAdESError) -> [UInt8] {
    var file = prepared.file
    file.signatures[file.signatures.count - 1].value = value
    let document = file.rendered
    let read = try SignedDocument(reading: document)
    for signature in read.signatures.reversed() {
      guard let flaw = try flaw(of: signature, in: read) else { continue }
      throw signature.number == read.signatures.count ? .wrongValue : .broken(flaw)
    }
    return document
  }

  private static func flaw(
    of signature: SignatureValues,
    in file: SignedDocument
  ) throws(XAdESError) -> Reason? {
    guard
      let der = signature.certificates.first, let certificate = try? Certificate(der: der)
    else { throw .malformed("the signer's certificate") }
    return file.flaw(of: signature, by: certificate.publicKey)
  }
}
