import COpenSSL

/// The one owner of an `EVP_PKEY`.
///
/// Safe: the pointer is valid from `init` to `deinit` and never handed out of this module.
// Sendable: a key is not changed after it is made, and OpenSSL lets threads share such a key.
@safe final class KeyHandle: @unchecked Sendable {
  let pointer: OpaquePointer
  let kind: KeyKind

  /// Takes over `pointer`, and frees it if the key is refused.
  init(owning pointer: OpaquePointer?) throws(CryptoError) {
    guard let pointer = unsafe pointer else {
      ERR_clear_error()
      throw .malformed("key")
    }
    do {
      kind = unsafe try Self.kind(of: pointer)
    } catch {
      unsafe EVP_PKEY_free(pointer)
      throw error
    }
    unsafe self.pointer = unsafe pointer
  }

  deinit { unsafe EVP_PKEY_free(pointer) }

  private static func kind(of key: OpaquePointer) throws(CryptoError) -> KeyKind {
    if unsafe EVP_PKEY_is_a(key, "RSA") == 1 {
      let bits = Int(unsafe EVP_PKEY_get_bits(key))
      guard (2_048...8_192).contains(bits) else { throw .unsupported("RSA of \(bits) bits") }
      return .rsa(bits: bits)
    }
    guard unsafe EVP_PKEY_is_a(key, "EC") == 1 else { throw .unsupported("key type") }
    var explicit: Int32 = 0
    var length = 0
    var name = [CChar](repeating: 0, count: 64)
    guard
      unsafe EVP_PKEY_get_int_param(key, "decoded-from-explicit", &explicit) == 1,
      // Parameters spelled out could describe a curve that only looks like the named one.
      explicit == 0,
      unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1
    else { throw .unsupported("curve") }
    switch String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self) {
    case "prime256v1": return .p256
    case "secp384r1": return .p384
    case let curve: throw .unsupported("curve \(curve)")
    }
  }

  /// A context that signs or verifies a digest by `algorithm`; the caller frees it.
  ///
  /// `start` is `EVP_PKEY_sign_init` or `EVP_PKEY_verify_init`.
  func context(
    _ algorithm: SignatureAlgorithm,
    start: (OpaquePointer) -> Int32
  ) -> OpaquePointer? {
    guard
      kind.algorithms.contains(algorithm), let context = unsafe EVP_PKEY_CTX_new(pointer, nil)
    else { return nil }
    let digest = unsafe algorithm == .ecdsaP384 ? EVP_sha384() : EVP_sha256()
    var isReady = unsafe start(context) == 1
    if algorithm == .rsaPKCS1 || algorithm == .rsaPSS {
      let padding = algorithm == .rsaPSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING
      isReady = unsafe isReady && EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1
    }
    isReady = unsafe isReady && EVP_PKEY_CTX_set_signature_md(context, digest) == 1
    if algorithm == .rsaPSS {
      isReady =
        unsafe isReady && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest) == 1
        && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
    }
    guard !isReady else { return unsafe context }
    unsafe EVP_PKEY_CTX_free(context)
    return nil
  }
}

/// The DER that an `i2d_…` function writes; `nil` when it fails.
@safe func derBytes(
  _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) -> [UInt8]? {
  let length = encode(nil)
  guard length > 0 else { return nil }
  var bytes = [UInt8](repeating: 0, count: Int(length))
  let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
    var cursor = buffer.baseAddress
    return unsafe encode(&cursor)
  }
  return written == length ? bytes : nil
}

/// What a `d2i_…` function reads from the whole of `bytes`; `nil` when it fails or stops early.
func parsed(
  _ bytes: [UInt8],
  _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?,
  free: (OpaquePointer) -> Void
) -> OpaquePointer? {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    var cursor = buffer.baseAddress
    guard let object = unsafe decode(&cursor, buffer.count) else {
      ERR_clear_error()
      return nil
    }
    guard let start = buffer.baseAddress, unsafe cursor == start + buffer.count else {
      unsafe free(object)
      return nil
    }
    return unsafe object
  }
}
