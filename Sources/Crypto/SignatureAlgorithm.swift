/// The signature schemes that are accepted; the raw value is stable and may be stored.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
  /// ECDSA on P-256 with SHA-256; a value is r‖s, 64 bytes.
  case ecdsaP256 = "ECDSA_P256_SHA256"
  /// ECDSA on P-384 with SHA-384; a value is r‖s, 96 bytes.
  case ecdsaP384 = "ECDSA_P384_SHA384"
  /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) with SHA-256.
  case rsaPKCS1 = "RSA_PKCS1_SHA256"
  /// RSASSA-PSS (RFC 8017 §8.1) with SHA-256, MGF1 with SHA-256 and 32 bytes of salt.
  case rsaPSS = "RSA_PSS_SHA256"

  /// The digest that a key signs.
  package func digest(_ bytes: [UInt8]) -> [UInt8] {
    self == .ecdsaP384 ? SHA384.digest(bytes) : SHA256.digest(bytes)
  }

  /// Bytes of r and of s; `nil` for RSA.
  var coordinateLength: Int? {
    switch self {
    case .ecdsaP256: 32
    case .ecdsaP384: 48
    case .rsaPKCS1, .rsaPSS: nil
    }
  }
}

/// The kinds of key that are accepted.
package enum KeyKind: Sendable, Hashable {
  case p256
  case p384
  /// 2,048 to 8,192 bits.
  case rsa(bits: Int)

  /// The schemes a key of this kind may use; the first is its usual one.
  package var algorithms: [SignatureAlgorithm] {
    switch self {
    case .p256: [.ecdsaP256]
    case .p384: [.ecdsaP384]
    case .rsa: [.rsaPKCS1, .rsaPSS]
    }
  }

  /// The usual scheme of a key of this kind.
  package var algorithm: SignatureAlgorithm {
    switch self {
    case .p256: .ecdsaP256
    case .p384: .ecdsaP384
    case .rsa: .rsaPKCS1
    }
  }
}

/// The two forms of an ECDSA value: r‖s of fixed width (XML, JWS, PKCS#11) and DER (OpenSSL, CMS).
package enum ECDSAValue {
  /// The DER form of r‖s.
  static func der(_ raw: [UInt8]) -> [UInt8] {
    let half = raw.count / 2
    let body = integer(raw.prefix(half)) + integer(raw.suffix(half))
    return [0x30] + (body.count < 128 ? [] : [0x81]) + [UInt8(body.count)] + body
  }

  /// The r‖s form of strict DER; `nil` for anything else, or for another scheme than ECDSA.
  package static func raw(_ der: [UInt8], for algorithm: SignatureAlgorithm) -> [UInt8]? {
    guard let length = algorithm.coordinateLength else { return nil }
    var raw: [UInt8] = []
    var rest = der.dropFirst(der.dropFirst().first == 0x81 ? 3 : 2)
    for _ in 0..<2 {
      guard rest.first == 0x02, let count = rest.dropFirst().first else { return nil }
      let value = rest.dropFirst(2).prefix(Int(count)).drop { $0 == 0 }
      guard value.count <= length else { return nil }
      raw += [UInt8](repeating: 0, count: length - value.count) + value
      rest = rest.dropFirst(2 + Int(count))
    }
    // Whatever was not minimal, negative or left over shows as different bytes.
    return self.der(raw) == der ? raw : nil
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var value = Array(bytes.drop { $0 == 0 })
    if value.first.map({ $0 >= 0x80 }) ?? true { value.insert(0, at: 0) }
    return [0x02, UInt8(value.count)] + value
  }
}
