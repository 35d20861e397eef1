import NIOCore
import NIOSSL

/// Words for what went wrong below HTTP/2.
enum TLSFailure {
  /// The reason of an error of TLS or of the channel, without the places in the library that its
  /// own text names.
  static func reason(_ error: any Error) -> String {
    switch error {
    case NIOSSLError.handshakeFailed(let inner): reason(inner)
    case BoringSSLError.sslError(let stack): reason(stack)
    case BoringSSLError.unknownError(let stack): reason(stack)
    case NIOSSLError.uncleanShutdown: "the peer went without a word"
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      "the certificate is of another name"
    default: "\(error)"
    }
  }

  /// Whether these are the first bytes of a peer that speaks TLS where HTTP/2 is spoken.
  ///
  /// A record of its handshake or an alert (RFC 8446 section 5.1), which as a frame would be longer
  /// than HTTP/2 may begin with.
  static func isTLS(_ bytes: ByteBuffer) -> Bool {
    guard let start = bytes.getInteger(at: bytes.readerIndex, as: UInt16.self) else { return false }
    return start == 0x1603 || start == 0x1503
  }

  private static func reason(_ stack: NIOBoringSSLErrorStack) -> String {
    let causes = stack.map { cause(of: $0.description) }
    return causes.isEmpty ? "the connection was cut" : causes.joined(separator: ", ")
  }

  /// `Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at
  /// file:line` becomes `wrong version number`.
  private static func cause(of text: String) -> String {
    guard let start = text.firstRange(of: "OPENSSL_internal:")?.upperBound else {
      return text.hasPrefix("Error:  ") ? String(text.dropFirst(8)) : text
    }
    let code = text[start...].prefix { $0 != " " }
    let cause = code.lowercased().replacing("_", with: " ")
    return hints[String(code)].map { "\(cause) (\($0))" } ?? cause
  }

  private static let hints = [
    "WRONG_VERSION_NUMBER": "the peer does not speak TLS",
    "HTTP_REQUEST": "the peer speaks HTTP without TLS",
    "CERTIFICATE_VERIFY_FAILED": "no trusted root, out of date, or not for this use",
    "UNSUPPORTED_PROTOCOL": "the peer has no TLS 1.2 or later",
    "NO_SHARED_CIPHER": "the peer has no suite of ephemeral keys and authenticated encryption",
  ]
}
