/// What a server asks of its connections, and when it ends them.
///
/// The defaults are those of gRPC (grpc/grpc `doc/keepalive.md`, gRFC A9) where it has any.
package struct ConnectionLimits: Sendable {
  /// The server's own PINGs, after 2 hours and for 20 seconds, calls or not; `nil`: none.
  package var keepalive: Keepalive? = Keepalive(time: .seconds(7200), withoutCalls: true)

  /// How long a client waits between PINGs while nothing is sent to it.
  package var minPingInterval = Duration.seconds(300)

  /// Whether `minPingInterval` also holds without a call; otherwise it is two hours.
  package var permitsPingsWithoutCalls = false

  /// How many PINGs may come too soon before the connection is ended with `ENHANCE_YOUR_CALM` and
  /// `too_many_pings`; 0: any number.
  package var maxPingStrikes = 2

  /// How long a connection takes calls before it is drained, give or take a tenth at random so that
  /// many do not end at once; `nil`: for ever.
  package var maxAge: Duration?

  /// How long calls may run on after `maxAge`, before they are answered `UNAVAILABLE`; `nil`: until
  /// they end.
  package var maxAgeGrace: Duration?

  /// How long a connection may be without a call before it is drained; `nil`: for ever.
  package var maxIdle: Duration?

  /// How long a client may take for the preface of HTTP/2 and to acknowledge the settings, and then
  /// for any one header block.
  package var handshakeTime = Duration.seconds(20)

  /// How long a client may take nothing of what waits for it, before the stream is reset or the
  /// connection closed.
  package var stallTime = Duration.seconds(300)

  /// The usual limits.
  package init() {}

  /// What this means for one connection: the age is drawn here.
  var rules: ConnectionWatch.Rules {
    ConnectionWatch.Rules(
      keepalive: keepalive,
      handshakeTime: handshakeTime,
      stallTime: stallTime,
      maxIdle: maxIdle,
      maxAge: maxAge.map { $0 * Double.random(in: 0.9...1.1) },
      maxAgeGrace: maxAgeGrace
    )
  }
}
