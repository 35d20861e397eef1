import NIOSSL

/// How a server's connections are secured; there is no default, so that plaintext is always
/// somebody's decision.
package enum ServerSecurity: Sendable {
  /// Not at all: for loopback, and behind something that ends TLS.
  case plaintext
  /// TLS 1.2 or later, with `h2` agreed on by ALPN (RFC 9113 sections 3.2 and 9.2).
  case tls(ServerTLS)
}

/// A server's side of TLS.
///
/// Files are looked at again while the server runs: connections that begin later get what they hold
/// then, those that run go on. What cannot be used is logged, and changes nothing.
package struct ServerTLS: Sendable {
  /// Whether clients show certificates, and the roots that those must lead to.
  package enum ClientCertificates: Sendable {
    /// They are not asked for.
    case none
    /// A client may come without one; one that it shows must be good.
    case requested(roots: PEM)
    /// There is no connection without a good one.
    case required(roots: PEM)
  }

  /// What the server shows.
  package var identity: TLSIdentity

  /// What its clients show; handlers see it in `ServerContext.peerCertificate`.
  package var clientCertificates = ClientCertificates.none

  /// How long a handshake may take.
  package var handshakeTime = Duration.seconds(10)

  /// How often the files are looked at.
  package var reloadInterval = Duration.seconds(5)

  /// A server of an identity that asks its clients for none.
  package init(identity: TLSIdentity) {
    self.identity = identity
  }

  /// What new connections begin with.
  func credentials() -> TLSCredentials {
    switch clientCertificates {
    case .none:
      TLSCredentials(identity: identity, roots: nil, verification: .none)
    case .requested(let roots):
      TLSCredentials(identity: identity, roots: roots, verification: .optionalVerification)
    case .required(let roots):
      TLSCredentials(identity: identity, roots: roots, verification: .noHostnameVerification)
    }
  }
}
