/// Counts the PINGs of a client that come too often.
///
/// Source: "Server Enforcement" in gRFC A8, and grpc/grpc `doc/keepalive.md`: sending anything of a
/// call forgives all; a client without calls may ping once in two hours unless it is permitted.
struct PingStrikes {
  private static let timeWithoutCalls = Duration.seconds(7200)

  let limits: ConnectionLimits
  private var latest: ContinuousClock.Instant?
  private var strikes = 0

  init(_ limits: ConnectionLimits) {
    self.limits = limits
  }

  /// A PING came.
  ///
  /// - Parameters:
  ///   - hasSent: Whether HEADERS or DATA were sent since the last PING.
  ///   - hasCalls: Whether a call is running.
  ///   - now: The time.
  /// - Returns: whether it is one too many.
  mutating func receivePing(hasSent: Bool, hasCalls: Bool, at now: ContinuousClock.Instant) -> Bool
  {
    if hasSent { (latest, strikes) = (nil, 0) }
    let isFree = hasCalls || limits.permitsPingsWithoutCalls
    let interval = isFree ? limits.minPingInterval : PingStrikes.timeWithoutCalls
    defer { latest = now }
    guard let latest, now - latest < interval else { return false }
    strikes += 1
    return limits.maxPingStrikes > 0 && strikes > limits.maxPingStrikes
  }
}
