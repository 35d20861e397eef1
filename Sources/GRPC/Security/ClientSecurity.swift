import NIOCore
import NIOSSL

/// How a client's connections are secured; there is no default, so that plaintext is always
/// somebody's decision.
package enum ClientSecurity: Sendable {
  /// Not at all: for loopback, and where something else secures the way.
  case plaintext
  /// TLS 1.2 or later, with `h2` agreed on by ALPN (RFC 9113 sections 3.2 and 9.2).
  case tls(ClientTLS)
}

/// A client's side of TLS: the server's certificate must lead to a root and bear its name.
///
/// Files are looked at again before each connection. What cannot be used is logged, and the client
/// goes on with what it had.
package struct ClientTLS: Sendable {
  /// Whom the client believes.
  package enum TrustRoots: Sendable {
    /// The authorities that this system trusts; read once.
    case system
    /// These alone.
    case pem(PEM)
  }

  /// Whom the client believes.
  package var trustRoots: TrustRoots

  /// What the client shows to a server that asks.
  package var identity: TLSIdentity?

  /// The server's name, if it is not the host that the client connects to: in its certificate, in
  /// the handshake (SNI, RFC 6066 section 3) and in `:authority`.
  package var serverName: String?

  /// A client that believes some roots.
  package init(
    trustRoots: TrustRoots,
    identity: TLSIdentity? = nil,
    serverName: String? = nil
  ) {
    self.trustRoots = trustRoots
    self.identity = identity
    self.serverName = serverName
  }

  /// What new connections begin with.
  func credentials() -> TLSCredentials {
    var roots: PEM?
    if case .pem(let pem) = trustRoots { roots = pem }
    return TLSCredentials(identity: identity, roots: roots, verification: .fullVerification)
  }

  /// The name to ask for and to find in the certificate; `nil` if the host is an address, which is
  /// found in the certificate as such and never asked for.
  func expectedName(of host: String) -> String? {
    if let serverName { return serverName }
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return isAddress ? nil : host
  }
}
