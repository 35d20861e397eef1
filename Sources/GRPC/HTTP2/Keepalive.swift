/// When a connection on which nothing comes is asked whether anybody is there.
///
/// Source: grpc/grpc `doc/keepalive.md`, gRFC A8 and A9.
package struct Keepalive: Sendable, Equatable {
  /// After how long without a byte from the peer a PING is sent; with the granularity of half of
  /// it, so that a quiet connection is asked after once to one and a half times as long.
  package var time: Duration

  /// How long anything may take to come after that PING, before the connection is given up.
  package var timeout: Duration

  /// Whether a connection without calls is asked too.
  package var withoutCalls: Bool

  /// - Parameters:
  ///   - time: Without a byte, before the PING.
  ///   - timeout: After the PING; gRPC's own default, 20 s.
  ///   - withoutCalls: Whether to ask without a call.
  package init(time: Duration, timeout: Duration = .seconds(20), withoutCalls: Bool = false) {
    self.time = time
    self.timeout = timeout
    self.withoutCalls = withoutCalls
  }

  func noFaster(than time: Duration) -> Keepalive {
    Keepalive(time: max(time, self.time), timeout: timeout, withoutCalls: withoutCalls)
  }
}
