/// What goes wrong with keys, certificates, tokens and XML.
package enum CryptoError: Error, Equatable, Sendable {
  /// The bytes are not what they should be; the text says what was expected.
  case malformed(String)
  /// Well-formed, but of a kind that is not accepted: weak, foreign or unknown.
  case unsupported(String)
  /// More bytes than the named limit allows.
  case tooLarge(limit: Int)
  /// The library refused; it has no memory, no entropy, or the key cannot do this.
  case failed(String)
}
