import Crypto
import GRPC

/// Page tokens (AIP-158): a position in the order of keys, sealed together with the arguments, so
/// that it can be neither bent nor used with other arguments.
package struct PageTokens: Sendable {
  private let secret: [UInt8]

  /// Tokens of this process: a restart ends them, and the caller begins anew.
  package init() throws { secret = try Random.bytes(32) }

  /// The number of rows of a page.
  ///
  /// - Throws: `Problem` `FIELD_INVALID` for a negative number.
  package static func size(_ requested: Int32) throws(Problem) -> Int {
    guard requested >= 0 else { throw .invalid("page_size", "không được âm") }
    return requested == 0 ? 100 : min(Int(requested), 1_000)
  }

  /// A token that continues after a key.
  package func make(after key: String, arguments: [String]) -> String {
    Base64.encodeURL(seal(key, arguments) + Array(key.utf8))
  }

  /// The key to continue after; empty at the beginning.
  ///
  /// - Throws: `Problem` `PAGE_TOKEN_INVALID`.
  package func key(of token: String, arguments: [String]) throws(Problem) -> String {
    if token.isEmpty { return "" }
    guard token.utf8.count <= 1_024, let bytes = Base64.decodeURL(token), bytes.count > 32,
      let key = String(validating: bytes.dropFirst(32), as: UTF8.self),
      ConstantTime.equal(Array(bytes.prefix(32)), seal(key, arguments))
    else {
      throw Problem(
        .invalidArgument,
        "PAGE_TOKEN_INVALID",
        vi: "page_token không hợp lệ hoặc thuộc về một danh sách khác.",
        violations: [FieldViolation("page_token", "không hợp lệ")]
      )
    }
    return key
  }

  /// SHA-256 over secret, lengths and texts, twice (RFC 2104 in spirit: no length extension).
  private func seal(_ key: String, _ arguments: [String]) -> [UInt8] {
    var inner = secret
    for text in [key] + arguments { inner += Array("\(text.utf8.count):\(text)".utf8) }
    return SHA256.digest(secret + SHA256.digest(inner))
  }
}
