/// How a server's connections are secured; there is no default, so that plaintext is always
/// somebody's decision.
package enum ServerSecurity: Sendable {
  /// Not at all: for loopback, and behind something that ends TLS.
  case plaintext
}
