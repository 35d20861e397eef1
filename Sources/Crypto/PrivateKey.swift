import COpenSSL

/// A key that signs.
package struct PrivateKey: Sendable {
  private let handle: KeyHandle

  /// What kind of key this is.
  package var kind: KeyKind { handle.kind }

  /// A key from unencrypted DER: PKCS#8 (RFC 5958), SEC1 or PKCS#1.
  package init(der: [UInt8]) throws(CryptoError) {
    let pointer = unsafe parsed(
      der,
      { unsafe d2i_AutoPrivateKey(nil, $0, $1) },
      free: EVP_PKEY_free
    )
    handle = unsafe try KeyHandle(owning: pointer)
  }

  /// The one key of a PEM text; an encrypted key is refused, never asked for a passphrase.
  package init(pem: String) throws(CryptoError) {
    let blocks = try PEM.blocks("PRIVATE KEY", in: pem)
    guard let der = blocks.first, blocks.count == 1 else { throw .malformed("one private key") }
    try self.init(der: der)
  }

  private init(_ handle: KeyHandle) { self.handle = handle }

  /// A fresh P-256 key.
  package static func generateP256() throws(CryptoError) -> PrivateKey {
    guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else {
      throw .failed("key generation")
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard
      unsafe EVP_PKEY_keygen_init(context) == 1,
      unsafe EVP_PKEY_CTX_set_group_name(context, "prime256v1") == 1,
      unsafe EVP_PKEY_generate(context, &key) == 1
    else { throw .failed("key generation") }
    return PrivateKey(unsafe try KeyHandle(owning: key))
  }

  /// The unencrypted PKCS#8 form, to be stored where only its owner reads.
  package func pkcs8() throws(CryptoError) -> [UInt8] {
    guard let info = unsafe EVP_PKEY2PKCS8(handle.pointer) else { throw .failed("PKCS#8") }
    defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
    guard let der = derBytes({ unsafe i2d_PKCS8_PRIV_KEY_INFO(info, $0) }) else {
      throw .failed("PKCS#8")
    }
    return der
  }

  /// The public half.
  package func publicKey() throws(CryptoError) -> PublicKey {
    try PublicKey(der: PublicKey(handle).der)
  }

  /// The signature over `bytes`, in the form that `PublicKey.verify` takes.
  package func sign(
    _ bytes: [UInt8],
    by algorithm: SignatureAlgorithm? = nil
  ) throws(CryptoError) -> [UInt8] {
    let algorithm = algorithm ?? kind.algorithm
    return try sign(digest: algorithm.digest(bytes), by: algorithm)
  }

  /// The signature over a digest of the length that `algorithm` demands.
  package func sign(
    digest: [UInt8],
    by algorithm: SignatureAlgorithm
  ) throws(CryptoError) -> [UInt8] {
    guard digest.count == (algorithm == .ecdsaP384 ? 48 : 32),
      let context = unsafe handle.context(algorithm, start: { unsafe EVP_PKEY_sign_init($0) })
    else { throw .unsupported("\(algorithm.rawValue) with this key") }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var length = 0
    guard unsafe EVP_PKEY_sign(context, nil, &length, digest, digest.count) == 1 else {
      throw .failed("signing")
    }
    var value = [UInt8](repeating: 0, count: length)
    guard unsafe EVP_PKEY_sign(context, &value, &length, digest, digest.count) == 1 else {
      throw .failed("signing")
    }
    value.removeLast(value.count - length)
    guard algorithm.coordinateLength != nil else { return value }
    guard let raw = ECDSAValue.raw(value, for: algorithm) else { throw .failed("signing") }
    return raw
  }
}
