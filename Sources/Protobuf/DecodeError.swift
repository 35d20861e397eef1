/// Why bytes are not a message; the associated value is the full name of the field or message.
package enum DecodeError: Error, Equatable, Sendable {
  /// Truncated, of a wrong wire type, or otherwise not the wire format.
  case malformed(String)
  /// A `string` that is not UTF-8.
  case invalidUTF8(String)
  /// A `string` with U+0000, which C and PostgreSQL would cut short.
  case embeddedNUL(String)
  /// A singular message field that stands more than once. No encoder writes this, and protobuf-c's
  /// merging of such fields reads out of bounds.
  case duplicate(String)
  /// More memory than ``Arena/decodingLimit`` would be needed.
  case tooLarge(String)
}

extension DecodeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let name): "\(name): the bytes are no such message"
    case .invalidUTF8(let name): "\(name): not UTF-8"
    case .embeddedNUL(let name): "\(name): holds U+0000"
    case .duplicate(let name): "\(name): stands more than once"
    case .tooLarge(let name): "\(name): takes too much memory"
    }
  }
}
