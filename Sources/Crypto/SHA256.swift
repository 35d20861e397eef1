import COpenSSL

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
  /// The 32 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = unsafe COpenSSL.SHA256(bytes, bytes.count, &digest)
    return digest
  }
}

/// SHA-384 (FIPS 180-4), which goes with P-384.
enum SHA384 {
  static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA384_DIGEST_LENGTH))
    _ = unsafe COpenSSL.SHA384(bytes, bytes.count, &digest)
    return digest
  }
}

/// Bytes that nobody can foresee.
package enum Random {
  /// `count` bytes of the library's generator; refuses when the system has no entropy.
  package static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else { throw .failed("no entropy") }
    return bytes
  }
}

/// Comparison of secrets.
package enum ConstantTime {
  /// Whether both are the same, in a time that depends on their lengths only.
  package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    unsafe left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
  }
}
