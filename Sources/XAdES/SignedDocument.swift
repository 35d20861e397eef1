import Crypto

/// A file of ours: a payload, and the signatures over it, in order.
///
/// A file is taken apart by reading the few values that may vary, and accepted only if rendering
/// them again gives the same bytes. Comments, white space, other transforms, further elements,
/// other ids, moved or missing parts all show as a difference, without a rule for each.
struct SignedDocument: Equatable {
  /// Signatures in one file; the policies of transcripts have three.
  static let maximumSignatures = 16
  /// Certificates with one signature.
  static let maximumCertificates = 6

  /// Exclusive C14N of *Payload*.
  let payload: [UInt8]
  var signatures: [SignatureValues]

  private static let payloadStart = Array(
    #"<hb:Payload xmlns:hb="\#(XMLName.document)" Id="payload">"#.utf8
  )
  private static let payloadStartInFile = Array(#"<hb:Payload Id="payload">"#.utf8)

  /// An unsigned document; the payload must be the canonical *hb:Payload*.
  init(payload: [UInt8]) throws(XAdESError) {
    guard payload.starts(with: Self.payloadStart) else { throw .malformed("hb:Payload") }
    self.payload = payload
    signatures = []
    // A payload that is not canonical, or ends early, is seen here.
    guard try SignedDocument(reading: rendered).payload == payload else {
      throw .malformed("canonical payload")
    }
  }

  /// A file, byte for byte as it would be rendered from what was read.
  init(reading file: [UInt8]) throws(XAdESError) {
    let document: XMLDocument
    do {
      document = try XMLDocument(parsing: file)
      let root = document.root
      guard root.name == "Document", root.namespace == XMLName.document else {
        throw XAdESError.malformed("hb:Document")
      }
      guard let payload = root.child("Payload"), let list = root.child("Signatures") else {
        throw XAdESError.malformed("hb:Payload and hb:Signatures")
      }
      let slots = list.children
      guard slots.count <= Self.maximumSignatures else {
        throw XAdESError.malformed("at most \(Self.maximumSignatures) signatures")
      }
      self.payload = try document.exclusiveC14N(of: payload)
      signatures = try slots.enumerated().map { index, slot in
        try SignatureValues(reading: slot, number: index + 1)
      }
    } catch let error as XAdESError {
      throw error
    } catch CryptoError.malformed(let expected) {
      throw .malformed(expected)
    } catch {
      throw .malformed("XML")
    }
    guard payload.starts(with: Self.payloadStart), rendered == file else {
      throw .malformed("the one form in which such a document is written")
    }
  }

  /// The file, which is its own exclusive C14N.
  var rendered: [UInt8] {
    let slots = signatures.map { "<hb:Slot>\($0.rendered)</hb:Slot>" }.joined()
    return Array(#"<hb:Document xmlns:hb="\#(XMLName.document)">"#.utf8)
      + Self.payloadStartInFile + payload.dropFirst(Self.payloadStart.count)
      + Array("<hb:Signatures>\(slots)</hb:Signatures></hb:Document>".utf8)
  }

  /// What is wrong with the digests and the value of a signature; `nil` if nothing is.
  func flaw(of signature: SignatureValues, by key: PublicKey) -> Reason? {
    let earlier = signatures.prefix(signature.number - 1)
    if signature.payloadDigest != SHA256.digest(payload) {
      return Reason("HASH_FAILURE", "the payload is not the one that was signed")
    }
    if signature.earlierDigests != earlier.map({ SHA256.digest($0.canonicalValue) }) {
      return Reason("HASH_FAILURE", "the signatures before are not those that were there")
    }
    if signature.propertiesDigest != SHA256.digest(signature.canonicalProperties) {
      return Reason("HASH_FAILURE", "time, role or certificate is not the one that was signed")
    }
    guard
      key.verify(signature.value, of: signature.canonicalSignedInfo, by: signature.algorithm)
    else { return Reason("SIG_CRYPTO_FAILURE", "the signature value is not of this key") }
    return nil
  }
}

extension SignatureValues {
  /// The values in a slot; their places are only looked for, since rendering again checks them.
  fileprivate init(reading slot: XMLElement, number: Int) throws {
    let signature = try slot.part("Signature", in: XMLName.signature)
    let info = try signature.part("SignedInfo")
    let method = try info.part("SignatureMethod").attribute("Algorithm")
    guard let algorithm = SignatureAlgorithm.allCases.first(where: { $0.uri == method }) else {
      throw XAdESError.malformed("a known SignatureMethod")
    }
    var digests = try info.children("Reference").map { try $0.part("DigestValue").base64() }
    guard digests.count == number + 1 else {
      throw XAdESError.malformed("references to payload, earlier signatures and properties")
    }
    let certificates = try signature.part("KeyInfo").part("X509Data").children("X509Certificate")
    guard (1...SignedDocument.maximumCertificates).contains(certificates.count) else {
      throw XAdESError.malformed("1 to \(SignedDocument.maximumCertificates) certificates")
    }
    let properties = try signature.part("Object")
      .part("QualifyingProperties", in: XMLName.properties)
      .part("SignedProperties").part("SignedSignatureProperties")
    let policy = try properties.part("SignaturePolicyIdentifier").part("SignaturePolicyId")
    let policyID = try policy.part("SigPolicyId").part("Identifier").text
    let role = try properties.part("SignerRoleV2").part("ClaimedRoles").part("ClaimedRole").text
    guard
      let role = SignerRole(rawValue: role), SigningPolicy.isID(policyID),
      let time = SigningTime.parse(try properties.part("SigningTime").text)
    else { throw XAdESError.malformed("role, policy and time") }
    let propertiesDigest = digests.removeLast()
    let payloadDigest = digests.removeFirst()
    self.init(
      number: number,
      algorithm: algorithm,
      payloadDigest: payloadDigest,
      earlierDigests: digests,
      propertiesDigest: propertiesDigest,
      value: try signature.part("SignatureValue").base64(),
      certificates: try certificates.map { try $0.base64() },
      signingTime: time,
      policyID: policyID,
      policyDigest: try policy.part("SigPolicyHash")
        .part("DigestValue", in: XMLName.signature).base64(),
      role: role
    )
  }
}

extension XMLElement {
  fileprivate func part(_ name: String, in namespace: String? = nil) throws -> XMLElement {
    guard let part = child(name, in: namespace) else { throw XAdESError.malformed(name) }
    return part
  }

  fileprivate func base64() throws -> [UInt8] {
    guard let bytes = Base64.decode(text) else { throw XAdESError.malformed("base64 in \(name)") }
    return bytes
  }
}
