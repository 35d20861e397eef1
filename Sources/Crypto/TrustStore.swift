import COpenSSL

/// The roots that are trusted, with what helps to reach and to judge the certificates under them.
///
/// Safe: the store is owned from `init` to `deinit` and never handed out of this module.
// Sendable: the store is not changed after `init`; what OpenSSL looks up in it is locked.
@safe package final class TrustStore: @unchecked Sendable {
  /// The longest chain, from signer to root.
  package static let maximumDepth: Int32 = 6
  /// OpenSSL's level of 112 bits of security and more: no SHA-1, no RSA under 2,048 bits.
  private static let securityLevel: Int32 = 2

  private let store: OpaquePointer
  private let intermediates: [Certificate]
  private let revocations: [RevocationList]

  /// A store from PEM texts: self-signed roots, intermediates that need no trust of their own, and
  /// lists of revoked certificates (CRL, RFC 5280 §5) that any of these have signed.
  package init(
    roots: String,
    intermediates: String = "",
    crls: String = ""
  ) throws(CryptoError) {
    let trusted = try Certificate.all(pem: roots)
    guard !trusted.isEmpty else { throw .malformed("no trusted root") }
    self.intermediates = try Certificate.all(pem: intermediates)
    var revocations: [RevocationList] = []
    for der in try PEM.blocks("X509 CRL", in: crls) {
      revocations.append(try RevocationList(der: der, issuers: trusted + self.intermediates))
    }
    self.revocations = revocations
    guard let store = unsafe X509_STORE_new() else { throw .failed("trust store") }
    unsafe self.store = unsafe store
    for root in trusted {
      guard unsafe X509_STORE_add_cert(store, root.handle.pointer) == 1 else {
        throw .failed("trust store")
      }
    }
  }

  deinit { unsafe X509_STORE_free(store) }

  /// Whether `certificate` was good for signing documents at `time`, Unix time.
  ///
  /// The chain is built as of `time` through `chain`, which came with the signature and is not
  /// trusted, and the store's intermediates. A revocation counts from its own date; a list is an
  /// alibi only for the time before its *nextUpdate*. Without any list of an issuer the verdict
  /// stands, with the note `REVOCATION_NOT_CHECKED`.
  package func validate(
    _ certificate: Certificate,
    chain: [Certificate] = [],
    at time: Int64
  ) -> ChainVerdict {
    if let misuse = Self.misuse(of: certificate) { return indeterminate(misuse) }
    guard
      let untrusted = unsafe OPENSSL_sk_new_null(), let context = unsafe X509_STORE_CTX_new()
    else { return indeterminate(Reason("GENERIC", "no memory")) }
    defer {
      unsafe X509_STORE_CTX_free(context)
      unsafe OPENSSL_sk_free(untrusted)
    }
    let extra = chain + intermediates
    for link in extra {
      unsafe OPENSSL_sk_push(untrusted, UnsafeRawPointer(link.handle.pointer))
    }
    guard
      unsafe X509_STORE_CTX_init(context, store, certificate.handle.pointer, untrusted) == 1,
      let parameters = unsafe X509_STORE_CTX_get0_param(context)
    else { return indeterminate(Reason("GENERIC", "no memory")) }
    unsafe X509_VERIFY_PARAM_set_auth_level(parameters, Self.securityLevel)
    unsafe X509_VERIFY_PARAM_set_depth(parameters, Self.maximumDepth)
    unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(time))
    guard unsafe X509_verify_cert(context) == 1 else {
      ERR_clear_error()
      return indeterminate(Self.reason(unsafe X509_STORE_CTX_get_error(context)))
    }
    let built: OpaquePointer? = unsafe X509_STORE_CTX_get0_chain(context)
    var path: [OpaquePointer] = unsafe []
    for index in 0..<(unsafe OPENSSL_sk_num(built)) {
      guard let link = unsafe OPENSSL_sk_value(built, index) else { continue }
      unsafe path.append(OpaquePointer(link))
    }
    let verdict = unsafe revocation(of: path, at: time)
    // The handles own what the stack and the path only point to.
    return withExtendedLifetime(extra) { verdict }
  }

  /// Why a certificate is not one for signing documents, whoever issued it.
  private static func misuse(of certificate: Certificate) -> Reason? {
    if certificate.isCA {
      return Reason("CHAIN_CONSTRAINTS_FAILURE", "the signer's certificate is an authority's")
    }
    if certificate.keyUsage.isDisjoint(with: [.digitalSignature, .nonRepudiation]) {
      return Reason("CHAIN_CONSTRAINTS_FAILURE", "the key is not for signatures")
    }
    if !certificate.isForPersons {
      return Reason("CHAIN_CONSTRAINTS_FAILURE", "the certificate is for servers or code")
    }
    return nil
  }

  /// What the built path, signer first, has been revoked of at `time`.
  private func revocation(of path: [OpaquePointer], at time: Int64) -> ChainVerdict {
    var notes: [Reason] = []
    for index in unsafe path.indices.dropLast() {
      let certificate = unsafe path[index]
      let issuer = unsafe path[index + 1]
      let lists = revocations.filter { unsafe $0.isIssued(by: issuer) }
      let dates = lists.compactMap { unsafe $0.date(of: certificate) }
      if let date = dates.min() {
        // A signature that claims to be older may be backdated; only a timestamp would show.
        return date <= time
          ? ChainVerdict(
            verdict: .failed,
            reasons: [Reason("REVOKED", "a certificate was revoked before the signing time")]
          )
          : indeterminate(
            Reason("REVOKED_NO_POE", "revoked since; nothing proves that the signature is older")
          )
      }
      if lists.isEmpty {
        notes = [Reason("REVOCATION_NOT_CHECKED", "there is no revocation list of an issuer")]
      } else if !lists.contains(where: { $0.nextUpdate >= time }) {
        return indeterminate(Reason("TRY_LATER", "the revocation list is older than the signature"))
      }
    }
    return ChainVerdict(verdict: .passed, reasons: notes)
  }

  private func indeterminate(_ reason: Reason) -> ChainVerdict {
    ChainVerdict(verdict: .indeterminate, reasons: [reason])
  }

  /// OpenSSL's reasons in ETSI's words.
  private static func reason(_ error: Int32) -> Reason {
    let text = unsafe X509_verify_cert_error_string(Int(error)).map { unsafe String(cString: $0) }
    let code =
      switch error {
      case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: "OUT_OF_BOUNDS_NO_POE"
      case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_SIGNATURE_FAILURE,
        X509_V_ERR_CERT_UNTRUSTED:
        "NO_CERTIFICATE_CHAIN_FOUND"
      case X509_V_ERR_CA_MD_TOO_WEAK, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_EE_KEY_TOO_SMALL:
        "CRYPTO_CONSTRAINTS_FAILURE"
      default: "CHAIN_CONSTRAINTS_FAILURE"
      }
    return Reason(code, text ?? "error \(error)")
  }
}

/// A list of revoked certificates, and the one owner of its `X509_CRL`.
///
/// Safe: the pointer is valid from `init` to `deinit` and never handed out.
// Sendable: a list is not changed after it is parsed; OpenSSL locks what it sorts on first use.
@safe private final class RevocationList: @unchecked Sendable {
  private let pointer: OpaquePointer
  private let issuer: Certificate
  /// When its issuer promised the next one, Unix time; the end of time if it did not.
  let nextUpdate: Int64

  init(der: [UInt8], issuers: [Certificate]) throws(CryptoError) {
    guard
      let pointer = unsafe parsed(der, { unsafe d2i_X509_CRL(nil, $0, $1) }, free: X509_CRL_free)
    else { throw .malformed("revocation list") }
    guard let issuer = issuers.first(where: { unsafe Self.isIssued(pointer, by: $0) }) else {
      unsafe X509_CRL_free(pointer)
      throw .malformed("revocation list of no known issuer")
    }
    self.issuer = issuer
    unsafe self.pointer = unsafe pointer
    nextUpdate = unsafe unixTime(X509_CRL_get0_nextUpdate(pointer)) ?? .max
  }

  deinit { unsafe X509_CRL_free(pointer) }

  /// Whether the holder of a certificate has signed the list, and may.
  private static func isIssued(_ list: OpaquePointer, by issuer: Certificate) -> Bool {
    let name = unsafe X509_get_subject_name(issuer.handle.pointer)
    guard
      unsafe X509_NAME_cmp(X509_CRL_get_issuer(list), name) == 0,
      issuer.keyUsage.contains(.crlSign)
    else { return false }
    let isValid = unsafe X509_CRL_verify(list, issuer.publicKey.handle.pointer) == 1
    if !isValid { ERR_clear_error() }
    return isValid
  }

  /// Whether this certificate's holder has signed the list.
  func isIssued(by certificate: OpaquePointer) -> Bool {
    unsafe X509_cmp(certificate, issuer.handle.pointer) == 0
  }

  /// When `certificate` was revoked, Unix time; `nil` if this list does not say so.
  func date(of certificate: OpaquePointer) -> Int64? {
    var entry: OpaquePointer?
    guard unsafe X509_CRL_get0_by_cert(pointer, &entry, certificate) == 1 else { return nil }
    // An entry without a readable date counts from the beginning.
    return unsafe unixTime(X509_REVOKED_get0_revocationDate(entry)) ?? 0
  }
}
