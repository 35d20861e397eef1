import NIOSSL

/// The certificate that the peer of a connection has shown and proved to hold the key of, and that
/// leads to a root which this end trusts.
package struct PeerCertificate: Sendable, Equatable {
  private let certificate: NIOSSLCertificate

  init(_ certificate: NIOSSLCertificate) {
    self.certificate = certificate
  }

  /// The whole certificate, in DER (RFC 5280).
  package var derBytes: [UInt8] {
    // Fails only for lack of memory.
    (try? certificate.toDERBytes()) ?? []
  }

  /// The subject's common name, the last if it has several (RFC 5280 section 4.1.2.6).
  package var commonName: String? {
    certificate.subjectName.last { $0.type == .commonName }?.value
  }

  /// The names of hosts in the subject alternative name (RFC 5280 section 4.2.1.6).
  package var dnsNames: [String] { names(.dnsName) }

  /// The URIs in the subject alternative name, as SPIFFE has them.
  package var uris: [String] { names(.uri) }

  private func names(_ type: _SubjectAlternativeName.NameType) -> [String] {
    certificate._subjectAlternativeNames().compactMap { name in
      name.nameType == type ? String(decoding: name.contents, as: UTF8.self) : nil
    }
  }
}
