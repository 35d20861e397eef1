import Logging
import Synchronization

/// Why a connection is ended, or a stream reset, against its peer's will: the word in the log and
/// in the GOAWAY.
enum Offence: String, CaseIterable {
  // More frames that bring nothing than `FrameBudget` allows, by the kind there is most of.
  case emptyDataFlood = "empty-data-flood"
  case priorityFlood = "priority-flood"
  case settingsFlood = "settings-flood"
  case pingFlood = "ping-flood"
  case windowUpdateFlood = "window-update-flood"
  case continuationFlood = "continuation-flood"
  case unknownFrameFlood = "unknown-frame-flood"
  /// More acknowledgements asked for than the peer reads.
  case unreadAcknowledgements = "unread-acknowledgements"
  /// Streams that are opened to be reset (CVE-2023-44487), or to make this end reset them
  /// (CVE-2025-8671).
  case rapidReset = "rapid-reset"
  /// grpc/grpc `doc/keepalive.md` gives the word.
  case tooManyPings = "too_many_pings"
  /// The preface or the acknowledgement of the settings does not come.
  case noHandshake = "handshake-timeout"
  /// A header block does not come to its end.
  case slowHeaders = "slow-headers"
  /// No answer to a keepalive ping.
  case deadPeer = "keepalive-timeout"
  /// The peer takes no bytes from the connection.
  case unreadConnection = "unread-connection"
  /// The peer takes nothing of one answer.
  case unreadStream = "unread-stream"
  /// Handlers run on after so many of the peer's calls were cancelled that new ones are refused.
  case lingeringHandlers = "handlers-outlive-their-calls"
  case tooManyConnections = "too-many-connections"
  /// What comes is not HTTP/2 from its first byte on.
  case notHTTP2 = "not-http2"
  /// A violation of HTTP/2 that ends a connection (RFC 9113 section 5.4.1); the detail says which.
  case violation = "protocol-violation"
  /// No TLS, or none that this end agrees to; the detail says which.
  case failedTLSHandshake = "tls-handshake-failed"
  /// TLS where plaintext is spoken.
  case unexpectedTLS = "tls-at-a-plaintext-port"

  /// How loudly it is told; probes of the port break handshakes off too.
  var level: Logger.Level { self == .failedTLSHandshake ? .info : .warning }
}

/// Logs offences, each kind only so often: a peer that comes back in a loop must not fill the log.
final class OffenceLog: Sendable {
  private let logger: Logger
  private let budget = Mutex(LogBudget())

  init(_ logger: Logger) {
    self.logger = logger
  }

  func record(_ offence: Offence, peer: String, _ counts: Logger.Metadata = [:]) {
    let suppressed = budget.withLock { $0.admit(offence, at: .now) }
    guard let suppressed else { return }
    var metadata = counts
    metadata["reason"] = "\(offence.rawValue)"
    metadata["peer"] = "\(peer)"
    if suppressed > 0 { metadata["not-logged"] = "\(suppressed)" }
    logger.log(level: offence.level, "peer held off", metadata: metadata)
  }
}

/// So many lines of a kind a minute.
struct LogBudget {
  static let lines = 10
  static let window = Duration.seconds(60)

  private var kinds: [Offence: (since: ContinuousClock.Instant, count: Int)] = [:]

  /// - Returns: how many lines of this kind were left out before this one; `nil` if this one is
  ///   left out too.
  mutating func admit(_ offence: Offence, at now: ContinuousClock.Instant) -> Int? {
    var kind = kinds[offence] ?? (now, 0)
    var suppressed = 0
    if now - kind.since >= LogBudget.window {
      suppressed = max(0, kind.count - LogBudget.lines)
      kind = (now, 0)
    }
    kind.count += 1
    kinds[offence] = kind
    return kind.count <= LogBudget.lines ? suppressed : nil
  }
}
