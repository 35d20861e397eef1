import CLibpq

/// One libpq connection in non-blocking mode, confined to the reactor's thread.
///
/// Connecting → setting up → ready → lost. The peer may break it at any time, which is `lost`;
/// a call that libpq refuses (out of memory, protocol out of step) is `lost` too.
///
/// `@safe`: the pointer is private, freed once in `deinit`, and no call outlives this object.
@safe final class Connection {
  enum State: Equatable {
    case connecting(PostgresPollingStatusType)
    case settingUp
    case ready
    case lost(String)
  }

  let isShared: Bool
  /// When an unfinished connection attempt is given up.
  let connectBy: ContinuousClock.Instant
  var state: State
  /// Whether it was ever good for work.
  var hasBeenReady = false
  /// The transaction that holds it.
  var lease: Lease?
  /// When a cancel request was last sent for it; a late one hits whatever runs then.
  var cancelAimed: ContinuousClock.Instant?
  var pending: [Job] = []
  var inFlight: [Job] = []

  let handle: OpaquePointer
  /// Names of prepared statements by their text; an empty name is one that is still on its way.
  private var prepared: [String: String] = [:]
  private var preparedCount = 0
  /// Whether libpq still holds something to send.
  private(set) var hasUnsent = false
  /// COPY or script under way, outside of pipeline mode.
  var plain: Plain?

  enum Plain {
    case awaitingResults
    /// Waiting for the server's consent, then sending from the offset.
    case copying([UInt8], offset: Int?)
  }

  /// Begins to connect; `nil` when memory is short.
  ///
  /// libpq looks the host up synchronously here, on the reactor's thread: never on an event loop.
  init?(_ connection: String, isShared: Bool, connectBy: ContinuousClock.Instant) {
    let keywords = ["dbname", "client_encoding", "fallback_application_name"]
    let values = [connection, "UTF8", "hocba"]
    let handle = unsafe CStrings.with(keywords) { keywords in
      unsafe CStrings.with(values) { values in
        unsafe PQconnectStartParams(keywords, values, 1)
      }
    }
    guard let handle = unsafe handle else { return nil }
    unsafe self.handle = handle
    self.isShared = isShared
    self.connectBy = connectBy
    // Notices ("relation already exists, skipping") would go to stderr otherwise.
    unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    state = .connecting(PGRES_POLLING_WRITING)
    if unsafe PQstatus(handle) == CONNECTION_BAD { lose() }
  }

  deinit { unsafe PQfinish(handle) }

  var socket: Int32 { unsafe PQsocket(handle) }

  var isOpening: Bool {
    switch state {
    case .connecting, .settingUp: true
    case .ready, .lost: false
    }
  }

  var wantsToWrite: Bool {
    if case .connecting(let status) = state { return status == PGRES_POLLING_WRITING }
    // A COPY has more to hand over whenever libpq has got rid of the last chunk.
    if case .copying(_, offset: .some) = plain { return true }
    return hasUnsent
  }

  var wantsToRead: Bool {
    if case .connecting(let status) = state { return status == PGRES_POLLING_READING }
    return true
  }

  /// Whether the server's session is outside of any transaction and no cancel can still hit it.
  var isReusable: Bool {
    let status = unsafe PQtransactionStatus(handle)
    return status == PQTRANS_IDLE && cancelAimed == nil && state == .ready
  }

  /// Puts a job behind those before it and sends what can be sent.
  func enqueue(_ job: Job) {
    job.connection = self
    pending.append(job)
    pump()
  }

  /// Sends pending jobs: statements into the pipeline, a script or COPY only when that is empty.
  func pump() {
    while plain == nil, let job = pending.first {
      if case .lost = state { return }
      if case .statements(let statements) = job.payload {
        inFlight.append(pending.removeFirst())
        send(statements, of: job)
      } else {
        guard inFlight.isEmpty else { return }
        inFlight.append(pending.removeFirst())
        startPlain(job)
      }
    }
  }

  /// Hands libpq's buffer to the socket, as much as it takes.
  func flush() {
    if case .lost = state { return }
    let status = unsafe PQflush(handle)
    hasUnsent = status == 1
    if status < 0 { lose() }
  }

  /// Does what the socket allows after `poll`.
  /// - Parameter setUp: the first job of a new connection
  /// - Returns: the jobs that are answered
  func service(setUp: @autoclosure () -> Job) -> [Job] {
    switch state {
    case .lost: return []
    case .connecting: connect(setUp: setUp)
    case .settingUp, .ready: break
    }
    if case .connecting = state { return [] }
    var finished: [Job] = []
    let isAlive = unsafe PQconsumeInput(handle) != 0
    // Also after a break: what the server said last explains it.
    readResults(&finished)
    if !isAlive { lose() }
    if hasUnsent { flush() }
    return finished
  }

  /// Forgets these prepared statements; their texts get a new name when they are sent next.
  ///
  /// A statement that became invalid keeps its old name on the server: a plan leaks for every
  /// change of a table under a running service.
  func forget(_ preparations: [Preparation]) {
    // A job that failed later may have met the successor already.
    for old in preparations where prepared[old.text] == old.name { prepared[old.text] = nil }
  }

  /// A request to cancel what runs now, to be sent from another thread.
  func makeCancelRequest() -> CancelRequest? { unsafe CancelRequest(handle) }

  func lose(_ reason: String? = nil) {
    if case .lost = state { return }
    // Of libpq's lines, the first says what happened and the others what one might try.
    let message = unsafe String(cString: PQerrorMessage(handle)).prefix { $0 != "\n" }
    state = .lost(reason ?? String(message))
  }

  private func connect(setUp: () -> Job) {
    let status = unsafe PQconnectPoll(handle)
    switch status {
    case PGRES_POLLING_READING, PGRES_POLLING_WRITING:
      state = .connecting(status)
    case PGRES_POLLING_OK:
      guard unsafe PQsetnonblocking(handle, 1) == 0 && PQenterPipelineMode(handle) == 1 else {
        return lose()
      }
      state = .settingUp
      enqueue(setUp())
      flush()
    default:
      lose()
    }
  }

  private func send(_ statements: [SQL], of job: Job) {
    // All preparations come first, so that the answers tell how many of them happened.
    for statement in statements where prepared[statement.text] == nil {
      preparedCount += 1
      let new = Preparation(text: statement.text, name: "s\(preparedCount)")
      guard unsafe PQsendPrepare(handle, new.name, new.text, 0, nil) == 1 else { return lose() }
      job.prepares.append(new)
      prepared[new.text] = ""
    }
    for statement in statements {
      let name =
        prepared[statement.text].flatMap { $0.isEmpty ? nil : $0 }
        ?? job.prepares.first { $0.text == statement.text }?.name
      // Without a name it goes unprepared: while another job's preparation is on its way, nobody
      // knows whether it will succeed.
      if let name { job.uses.append(Preparation(text: statement.text, name: name)) }
      guard send(statement, preparedAs: name) else { return lose() }
    }
    guard unsafe PQpipelineSync(handle) == 1 else { return lose() }
    hasUnsent = true
  }

  private func readResults(_ finished: inout [Job]) {
    var wasNil = false
    while let job = inFlight.first {
      if plain != nil {
        guard stepPlain(job, &finished) else { return }
        continue
      }
      guard unsafe PQisBusy(handle) == 0 else { return }
      guard let pointer = unsafe PQgetResult(handle) else {
        // One `nil` ends the answers to a statement; a second one says that there are no more.
        if wasNil { return }
        wasNil = true
        continue
      }
      wasNil = false
      let answer = unsafe ResultSet(owning: pointer)
      switch answer.status {
      case PGRES_PIPELINE_SYNC:
        finished.append(inFlight.removeFirst())
        for (index, preparation) in job.prepares.enumerated() {
          prepared[preparation.text] = index < job.succeeded ? preparation.name : nil
        }
        pump()
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        return lose("COPY does not work as a statement")
      default:
        job.receive(answer)
      }
    }
  }
}
