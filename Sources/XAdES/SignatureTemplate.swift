import Crypto

/// All that can vary in a signature of ours; everything else is the template below.
///
/// Level B-B of ETSI EN 319 132-1. A signature timestamp would be one more value here, rendered
/// as *UnsignedProperties* after *SignedProperties*.
struct SignatureValues: Equatable {
  /// From 1, in the order of signing.
  var number: Int
  var algorithm: SignatureAlgorithm
  var payloadDigest: [UInt8]
  /// Digests of the *SignatureValue*s of all signatures before this one, in their order.
  var earlierDigests: [[UInt8]]
  var propertiesDigest: [UInt8]
  /// Empty while the signature is only prepared.
  var value: [UInt8]
  /// DER, the signer's first.
  var certificates: [[UInt8]]
  var signingTime: Int64
  var policyID: String
  var policyDigest: [UInt8]
  var role: SignerRole

  var id: String { "s\(number)" }
}

/// Namespaces and algorithms, as they stand in a document.
enum XMLName {
  static let document = "urn:hocba:document:1"
  static let signature = "http://www.w3.org/2000/09/xmldsig#"
  static let properties = "http://uri.etsi.org/01903/v1.3.2#"
  static let canonical = "http://www.w3.org/2001/10/xml-exc-c14n#"
  static let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
}

extension SignatureAlgorithm {
  /// The identifier in *SignatureMethod* (RFC 9231 §2.3).
  var uri: String {
    switch self {
    case .ecdsaP256: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
    case .ecdsaP384: "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
    case .rsaPKCS1: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    case .rsaPSS: "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
    }
  }
}

/// Where a part stands decides which namespaces its exclusive C14N declares.
private enum Place {
  /// Inside the file.
  case file
  /// Alone, as it is digested or signed.
  case alone

  func declaring(_ prefix: String, _ namespace: String) -> String {
    self == .alone ? #" xmlns:\#(prefix)="\#(namespace)""# : ""
  }
}

// Each value is hexadecimal, base64, a number, or plain by its type; so nothing needs escaping.
extension SignatureValues {
  /// The *Signature* as it stands in the file.
  var rendered: String {
    let ds = #"<ds:Signature xmlns:ds="\#(XMLName.signature)" Id="\#(id)">"#
    let chain = certificates.map {
      "<ds:X509Certificate>\(Base64.encode($0))</ds:X509Certificate>"
    }.joined()
    let xades =
      ##"<xades:QualifyingProperties xmlns:xades="\##(XMLName.properties)" Target="#\##(id)">"##
    return ds + signedInfo(.file) + signatureValue(.file)
      + "<ds:KeyInfo><ds:X509Data>\(chain)</ds:X509Data></ds:KeyInfo><ds:Object>"
      + xades + signedProperties(.file) + "</xades:QualifyingProperties></ds:Object></ds:Signature>"
  }

  /// The canonical *SignedInfo*: what the key signs.
  var canonicalSignedInfo: [UInt8] { Array(signedInfo(.alone).utf8) }
  /// The canonical *SignatureValue*: what later signatures refer to.
  var canonicalValue: [UInt8] { Array(signatureValue(.alone).utf8) }
  /// The canonical *SignedProperties*.
  var canonicalProperties: [UInt8] { Array(signedProperties(.alone).utf8) }

  private func signedInfo(_ place: Place) -> String {
    let earlier = earlierDigests.enumerated().map { index, digest in
      let attributes =
        ##"Type="http://uri.etsi.org/01903#CountersignedSignature" URI="#s\##(index + 1)-value""##
      return reference(attributes, digest)
    }.joined()
    let properties =
      ##"Type="http://uri.etsi.org/01903#SignedProperties" URI="#\##(id)-properties""##
    return "<ds:SignedInfo\(place.declaring("ds", XMLName.signature))>"
      + empty("ds:CanonicalizationMethod", XMLName.canonical)
      + empty("ds:SignatureMethod", algorithm.uri)
      + reference(##"Id="\##(id)-payload" URI="#payload""##, payloadDigest) + earlier
      + reference(properties, propertiesDigest) + "</ds:SignedInfo>"
  }

  private func signatureValue(_ place: Place) -> String {
    let ds = place.declaring("ds", XMLName.signature)
    let text = Base64.encode(value)
    return #"<ds:SignatureValue\#(ds) Id="\#(id)-value">\#(text)</ds:SignatureValue>"#
  }

  private func signedProperties(_ place: Place) -> String {
    let chain = certificates.map { der in
      let digest = digest(SHA256.digest(der), place)
      return "<xades:Cert><xades:CertDigest>\(digest)</xades:CertDigest></xades:Cert>"
    }.joined()
    let xades = place.declaring("xades", XMLName.properties)
    return #"<xades:SignedProperties\#(xades) Id="\#(id)-properties">"#
      + "<xades:SignedSignatureProperties>"
      + "<xades:SigningTime>\(SigningTime.text(signingTime))</xades:SigningTime>"
      + "<xades:SigningCertificateV2>\(chain)</xades:SigningCertificateV2>"
      + "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>"
      + "<xades:Identifier>\(policyID)</xades:Identifier></xades:SigPolicyId>"
      + "<xades:SigPolicyHash>\(digest(policyDigest, place))</xades:SigPolicyHash>"
      + "</xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>"
      + "<xades:SignerRoleV2><xades:ClaimedRoles><xades:ClaimedRole>\(role.rawValue)"
      + "</xades:ClaimedRole></xades:ClaimedRoles></xades:SignerRoleV2>"
      + "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
      + ##"<xades:DataObjectFormat ObjectReference="#\##(id)-payload">"##
      + "<xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat>"
      + "</xades:SignedDataObjectProperties></xades:SignedProperties>"
  }

  private func reference(_ attributes: String, _ value: [UInt8]) -> String {
    "<ds:Reference \(attributes)><ds:Transforms>" + empty("ds:Transform", XMLName.canonical)
      + "</ds:Transforms>" + digest(value, .file) + "</ds:Reference>"
  }

  private func digest(_ value: [UInt8], _ place: Place) -> String {
    let ds = place.declaring("ds", XMLName.signature)
    return #"<ds:DigestMethod\#(ds) Algorithm="\#(XMLName.sha256)"></ds:DigestMethod>"#
      + "<ds:DigestValue\(ds)>\(Base64.encode(value))</ds:DigestValue>"
  }

  private func empty(_ name: String, _ algorithm: String) -> String {
    #"<\#(name) Algorithm="\#(algorithm)"></\#(name)>"#
  }
}
