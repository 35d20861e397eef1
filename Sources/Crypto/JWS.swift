/// Compact ES256 tokens (RFC 7515, RFC 7518 §3.4): the only form that is made or taken.
///
/// A token's header is compared, byte for byte, with the one we would write for each known key;
/// so there is no header to parse, and no algorithm for a sender to choose (RFC 8725 §3.1).
package enum JWS {
  /// The largest token in bytes.
  package static let maximumSize = 8_192

  /// A token over `payload` by a P-256 key named `keyID` (letters, digits, `-`, `_`).
  package static func sign(
    payload: [UInt8],
    key: PrivateKey,
    keyID: String
  ) throws(CryptoError) -> String {
    guard let header = header(keyID) else { throw .malformed("key id") }
    let input = "\(header).\(Base64.encodeURL(payload))"
    let signature = try key.sign(Array(input.utf8), by: .ecdsaP256)
    let token = "\(input).\(Base64.encodeURL(signature))"
    guard token.utf8.count <= maximumSize else { throw .tooLarge(limit: maximumSize) }
    return token
  }

  /// The payload of a token that one of `keys`, by their ids, has signed; `nil` for anything else.
  package static func verify(_ token: String, keys: [String: PublicKey]) -> [UInt8]? {
    guard token.utf8.count <= maximumSize else { return nil }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard
      parts.count == 3,
      let key = keys.first(where: { header($0.key).map { $0 == parts[0] } ?? false })?.value,
      let payload = Base64.decodeURL(String(parts[1])),
      let signature = Base64.decodeURL(String(parts[2])),
      key.verify(signature, of: Array("\(parts[0]).\(parts[1])".utf8), by: .ecdsaP256)
    else { return nil }
    return payload
  }

  private static func header(_ keyID: String) -> String? {
    let isPlain = keyID.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isPlain, (1...64).contains(keyID.utf8.count) else { return nil }
    return Base64.encodeURL(Array(#"{"alg":"ES256","kid":"\#(keyID)","typ":"JWT"}"#.utf8))
  }
}
