import FoundationEssentials

/// Certificates or a key as PEM text (RFC 7468).
package enum PEM: Sendable, Equatable {
  /// A file, which is read again when it has changed.
  case file(String)
  /// The text itself.
  case bytes([UInt8])

  /// Blocks on the disk.
  func read() throws(SecurityError) -> [UInt8] {
    switch self {
    case .bytes(let bytes): return bytes
    case .file(let path):
      do {
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
      } catch {
        throw SecurityError("\(path) cannot be read")
      }
    }
  }

  /// For messages; never the text.
  var name: String {
    switch self {
    case .file(let path): path
    case .bytes: "the PEM text"
    }
  }
}

/// Who one end says that it is.
package struct TLSIdentity: Sendable, Equatable {
  /// The certificate, and those between it and a root that the peer trusts, in this order.
  package let certificateChain: PEM

  /// The certificate's key, not encrypted.
  package let privateKey: PEM

  /// An identity of a certificate with its chain, and its key.
  package init(certificateChain: PEM, privateKey: PEM) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
  }
}

/// Why certificates or keys cannot be used, or a connection could not be secured.
package struct SecurityError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, for whoever runs the program.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
