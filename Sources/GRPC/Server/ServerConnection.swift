import Logging
import NIOCore

/// The server's end of a connection: makes calls of streams, and drains.
///
/// `@unchecked Sendable`: as `HTTP2Connection`.
final class ServerConnection: HTTP2Connection, @unchecked Sendable {
  /// How long a peer may take to answer the notice of a shutdown; longer than any round trip.
  private static let noticeTime = TimeAmount.seconds(1)

  let configuration: ServerConfiguration
  let router: Router
  let peer: String
  let peerCertificate: PeerCertificate?
  let budget: RequestBudget
  private let unread: UnreadAnswers
  /// What `unread` knows of this connection.
  private var unreadBytes = 0

  private(set) lazy var executor = ConnectionExecutor(eventLoop: eventLoop) { run in
    self.inTurn(run)
  }
  /// How many handlers still run whose calls are over for their clients.
  var lingeringHandlers = 0
  private var pings: PingStrikes
  /// Of the request whose headers come: a header block is not interrupted (RFC 9113 section 4.3).
  var head: RequestHead
  /// Tasks that wait for a call, the last one first.
  private var idleWorkers: [CallWorker] = []
  private var isDraining = false
  private var hasSentGoAway = false

  init(
    configuration: ServerConfiguration,
    router: Router,
    peer: String,
    peerCertificate: PeerCertificate?,
    budget: RequestBudget,
    unread: UnreadAnswers,
    eventLoop: any EventLoop,
    logger: Logger,
    offences: OffenceLog
  ) throws(HTTP2Failure) {
    self.configuration = configuration
    self.router = router
    head = RequestHead(limit: configuration.maxHeaderListBytes)
    self.peer = peer
    self.peerCertificate = peerCertificate
    self.budget = budget
    self.unread = unread
    pings = PingStrikes(configuration.connections)
    try super.init(
      .server,
      limits: HTTP2Limits(
        maxConcurrentStreams: configuration.maxConcurrentStreams,
        maxHeaderListBytes: configuration.maxHeaderListBytes,
        streamWindowBytes: configuration.streamWindowBytes
      ),
      rules: configuration.connections.rules,
      writeBufferBytes: configuration.writeBufferBytes,
      eventLoop: eventLoop,
      logger: logger,
      offences: offences
    )
  }

  override func makeStream() -> HTTP2Stream? {
    // A call that was cancelled has its place until its handler is done, so that a client cannot
    // have more handlers run than calls.
    guard
      lingeringHandlers == 0
        || lingeringHandlers + streams.count < configuration.maxConcurrentStreams
    else {
      offences?.record(.lingeringHandlers, peer: peer, ["handlers": "\(lingeringHandlers)"])
      return nil
    }
    head.begin()
    return ServerStream(self)
  }

  override func stallTime(queued: Int) -> Duration? {
    unread.add(queued - unreadBytes)
    unreadBytes = queued
    guard unread.areTooMany else { return rules.stallTime }
    return min(configuration.connections.stallTime, UnreadAnswers.patience)
  }

  override func receivedPing() {
    let hasSent = sight.hasSentContent
    sight.hasSentContent = false
    if pings.receivePing(hasSent: hasSent, hasCalls: !streams.isEmpty, at: .now) {
      offence = .tooManyPings
    }
  }

  override func ended() {
    unread.add(-unreadBytes)
    unreadBytes = 0
    executor.detach()
    for worker in idleWorkers { worker.run(nil) }
    idleWorkers = []
  }

  override func readCycleBegan() { executor.hold() }

  override func readCycleEnded() { executor.release() }

  /// Takes no new calls and closes when the running ones have been answered.
  ///
  /// First a notice that refuses nothing; when the peer has seen it, the GOAWAY that names the last
  /// stream. So no call is lost that was on its way (RFC 9113 section 6.8).
  override func drain() {
    guard !isClosed, !isDraining else { return }
    isDraining = true
    session.submitShutdownNotice()
    needsFlush()
    eventLoop.scheduleTask(in: ServerConnection.noticeTime) {
      self.sendGoAway()
    }
  }

  override func receivedPingAcknowledgement() {
    // Acknowledgements come in order: the last is that of the notice.
    if isDraining, unansweredPings == 0 { sendGoAway() }
  }

  private func sendGoAway() {
    guard !isClosed, !hasSentGoAway else { return }
    hasSentGoAway = true
    session.submitGoAway()
    needsFlush()
  }

  /// Ends the calls that are still running, and the connection with the next flush.
  override func abortAll() {
    inTurn {
      sendGoAway()
      for stream in streams.values {
        (stream as? ServerStream)?.abort(RPCError(.unavailable, "the server is shutting down"))
      }
    }
  }
}

// Tasks for calls.
extension ServerConnection {
  /// How many tasks wait for calls at most, at some kilobytes each.
  private static let maxIdleWorkers = 32

  /// Runs the handler of a call, whose headers are complete, in a task.
  func run(_ stream: ServerStream) -> CallWorker {
    guard let worker = idleWorkers.popLast() else { return CallWorker(stream, of: self) }
    worker.run(stream)
    return worker
  }

  /// Keeps a task for the next call.
  ///
  /// - Returns: whether it is to wait.
  func keep(_ worker: CallWorker) -> Bool {
    guard !isClosed, idleWorkers.count < ServerConnection.maxIdleWorkers else { return false }
    idleWorkers.append(worker)
    return true
  }
}
