import COpenSSL

/// The public half of a key of an accepted kind.
package struct PublicKey: Sendable {
  let handle: KeyHandle

  /// What kind of key this is.
  package var kind: KeyKind { handle.kind }

  init(_ handle: KeyHandle) { self.handle = handle }

  /// A key from the DER of its SubjectPublicKeyInfo (RFC 5280 §4.1).
  package init(der: [UInt8]) throws(CryptoError) {
    let pointer = unsafe parsed(der, { unsafe d2i_PUBKEY(nil, $0, $1) }, free: EVP_PKEY_free)
    handle = unsafe try KeyHandle(owning: pointer)
  }

  /// A P-256 key from its coordinates of 32 bytes each (RFC 7518 §6.2.1); the point must lie on
  /// the curve.
  package init(x: [UInt8], y: [UInt8]) throws(CryptoError) {
    guard x.count == 32, y.count == 32 else { throw .malformed("P-256 coordinates") }
    try self.init(der: Self.p256Prefix + x + y)
  }

  /// The SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480), up to its coordinates.
  private static let p256Prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
  ]

  /// The DER of the SubjectPublicKeyInfo.
  package var der: [UInt8] {
    derBytes { unsafe i2d_PUBKEY(handle.pointer, $0) } ?? []
  }

  /// The coordinates of a P-256 key, 32 bytes each, as a JWK has them; `nil` for other kinds.
  package var coordinates: (x: [UInt8], y: [UInt8])? {
    let der = der
    guard kind == .p256, der.starts(with: Self.p256Prefix), der.count == Self.p256Prefix.count + 64
    else { return nil }
    return (Array(der.suffix(64).prefix(32)), Array(der.suffix(32)))
  }

  /// Whether `signature` is this key's over `bytes`.
  ///
  /// An ECDSA value is r‖s of exactly 64 or 96 bytes; DER is refused.
  package func verify(
    _ signature: [UInt8],
    of bytes: [UInt8],
    by algorithm: SignatureAlgorithm
  ) -> Bool {
    var signature = signature
    if let length = algorithm.coordinateLength {
      guard signature.count == 2 * length else { return false }
      signature = ECDSAValue.der(signature)
    }
    guard let context = unsafe handle.context(algorithm, start: { unsafe EVP_PKEY_verify_init($0) })
    else { return false }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    let digest = algorithm.digest(bytes)
    let isValid =
      unsafe EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
    if !isValid { ERR_clear_error() }
    return isValid
  }
}
