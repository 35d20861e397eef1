/// How a client's connections are secured; there is no default, so that plaintext is always
/// somebody's decision.
package enum ClientSecurity: Sendable {
  /// Not at all: for loopback, and where something else secures the way.
  case plaintext
}
