import COpenSSL
import Synchronization

/// A certificate (RFC 5280) with a key of an accepted kind.
package struct Certificate: Sendable, Equatable {
  /// The largest certificate that is looked at, in bytes of DER; real ones have about 2,000.
  package static let maximumSize = 16_384

  /// What the key may be used for (RFC 5280 §4.2.1.3); all of it when the extension is absent.
  package struct KeyUsage: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static let digitalSignature = KeyUsage(rawValue: 0x80)
    /// Also named *contentCommitment*.
    package static let nonRepudiation = KeyUsage(rawValue: 0x40)
    package static let crlSign = KeyUsage(rawValue: 0x02)
  }

  /// The encoding, which identifies the certificate.
  package let der: [UInt8]
  /// The SHA-256 fingerprint.
  package let fingerprint: [UInt8]
  /// The subject's distinguished name (RFC 4514).
  package let subject: String
  /// The issuer's distinguished name (RFC 4514).
  package let issuer: String
  /// The subject's CN, empty if it has none.
  package let commonName: String
  /// The subject's serialNumber: a person's or an organisation's id.
  package let subjectSerialNumber: String?
  /// The serial number in hexadecimal.
  package let serial: String
  /// The first second of validity, Unix time.
  package let notBefore: Int64
  /// The last second of validity, Unix time.
  package let notAfter: Int64
  package let publicKey: PublicKey
  package let keyUsage: KeyUsage
  /// Whether it may issue others.
  package let isCA: Bool
  /// Whether its extended key usage, if any, allows signing documents or mail or authenticating a
  /// person; one for servers or for code does not.
  package let isForPersons: Bool

  let handle: CertificateHandle

  /// Those parsed before: OpenSSL takes ten times as long to parse one as to sign with its key.
  private static let known = Mutex<[[UInt8]: Certificate]>([:])
  /// The signers of a district; at worst 16 MB.
  private static let maximumKnown = 1_024

  package static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

  /// A certificate from DER, all of it; a weak or foreign key or an SHA-1 signature is
  /// `unsupported`.
  package init(der: [UInt8]) throws(CryptoError) {
    if let known = Self.known.withLock({ $0[der] }) {
      self = known
      return
    }
    guard der.count <= Self.maximumSize else { throw .tooLarge(limit: Self.maximumSize) }
    let handle = try CertificateHandle(der: der)
    let x509 = unsafe handle.pointer
    let flags = unsafe X509_get_extension_flags(x509)
    guard flags & UInt32(EXFLAG_INVALID) == 0 else { throw .malformed("certificate extensions") }
    // NULL for a key that does not parse, though the import says otherwise.
    let key: OpaquePointer? = unsafe X509_get_pubkey(x509)
    publicKey = PublicKey(unsafe try KeyHandle(owning: key))
    try handle.requireStrongDigest()
    guard
      let name = unsafe X509_get_subject_name(x509),
      let issuerName = unsafe X509_get_issuer_name(x509),
      let number = unsafe X509_get0_serialNumber(x509),
      let start = unsafe unixTime(X509_get0_notBefore(x509)),
      let end = unsafe unixTime(X509_get0_notAfter(x509))
    else { throw .malformed("certificate") }
    subject = unsafe distinguishedName(name)
    issuer = unsafe distinguishedName(issuerName)
    commonName = unsafe attribute(NID_commonName, of: name) ?? ""
    subjectSerialNumber = unsafe attribute(NID_serialNumber, of: name)
    serial = Hex.encode(unsafe contents(number))
    (notBefore, notAfter) = (start, end)
    keyUsage = KeyUsage(rawValue: unsafe X509_get_key_usage(x509))
    isCA = unsafe X509_check_ca(x509) != 0
    let extended = unsafe X509_get_extended_key_usage(x509)
    let personal = UInt32(XKU_SMIME | XKU_SSL_CLIENT | XKU_ANYEKU)
    isForPersons = extended == 0 || extended & personal != 0
    fingerprint = SHA256.digest(der)
    self.der = der
    self.handle = handle
    let parsed = self
    Self.known.withLock { known in
      if known.count == Self.maximumKnown { known.removeAll() }
      known[der] = parsed
    }
  }

  /// All certificates of a PEM text, in order.
  package static func all(pem: String) throws(CryptoError) -> [Certificate] {
    var certificates: [Certificate] = []
    for der in try PEM.blocks("CERTIFICATE", in: pem) {
      certificates.append(try Certificate(der: der))
    }
    return certificates
  }

  /// The only certificate of a PEM text.
  package init(pem: String) throws(CryptoError) {
    let all = try Self.all(pem: pem)
    guard let only = all.first, all.count == 1 else { throw .malformed("one certificate") }
    self = only
  }
}

/// The one owner of an `X509`.
///
/// Safe: the pointer is valid from `init` to `deinit` and never handed out of this module.
// Sendable: a certificate is not changed after it is parsed; what OpenSSL caches in it is locked.
@safe final class CertificateHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  init(der: [UInt8]) throws(CryptoError) {
    guard let pointer = unsafe parsed(der, { unsafe d2i_X509(nil, $0, $1) }, free: X509_free) else {
      throw .malformed("certificate")
    }
    unsafe self.pointer = unsafe pointer
    // One certificate, one encoding: a digest of it then names it.
    guard derBytes({ unsafe i2d_X509(pointer, $0) }) == der else {
      throw .malformed("certificate is not DER")
    }
  }

  deinit { unsafe X509_free(pointer) }

  /// Refuses a signature made with SHA-1 or less, except by a root over itself, which proves
  /// nothing anyway.
  func requireStrongDigest() throws(CryptoError) {
    guard unsafe X509_get_extension_flags(pointer) & UInt32(EXFLAG_SI) == 0 else { return }
    var digest = NID_undef
    guard
      unsafe X509_get_signature_info(pointer, &digest, nil, nil, nil) == 1,
      [NID_sha256, NID_sha384, NID_sha512].contains(digest)
    else { throw .unsupported("digest of the certificate's signature") }
  }
}

/// Seconds since 1970 of an `ASN1_TIME`; `nil` if there is none or it is not a time.
func unixTime(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
  guard let time = unsafe time, let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
  defer { unsafe ASN1_TIME_free(epoch) }
  var days: Int32 = 0
  var seconds: Int32 = 0
  guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
  return Int64(days) * 86_400 + Int64(seconds)
}

/// The contents of an ASN.1 string or integer.
private func contents(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
  guard let start = unsafe ASN1_STRING_get0_data(string) else { return [] }
  return unsafe Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
}

/// A name as text (RFC 4514), in UTF-8.
private func distinguishedName(_ name: OpaquePointer) -> String {
  guard let bio = unsafe BIO_new(BIO_s_mem()) else { return "" }
  defer { unsafe BIO_free(bio) }
  guard unsafe X509_NAME_print_ex(bio, name, 0, hb_name_flags) >= 0 else { return "" }
  var text: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 512)
  while case let count = unsafe BIO_read(bio, &chunk, Int32(chunk.count)), count > 0 {
    text += chunk.prefix(Int(count))
  }
  return String(decoding: text, as: UTF8.self)
}

/// The first attribute of a kind in a name; `nil` if it has none.
private func attribute(_ kind: Int32, of name: OpaquePointer) -> String? {
  let index = unsafe X509_NAME_get_index_by_NID(name, kind, -1)
  guard
    index >= 0,
    let entry = unsafe X509_NAME_get_entry(name, index),
    let data = unsafe X509_NAME_ENTRY_get_data(entry)
  else { return nil }
  var text: UnsafeMutablePointer<UInt8>?
  let length = unsafe ASN1_STRING_to_UTF8(&text, data)
  guard length >= 0, let text = unsafe text else { return nil }
  defer { unsafe CRYPTO_free(text, nil, 0) }
  return unsafe String(
    decoding: UnsafeBufferPointer(start: text, count: Int(length)),
    as: UTF8.self
  )
}
