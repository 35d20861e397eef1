import NIOCore

/// One attempt at a call: sends its head, takes the response apart, and ends exactly once.
///
/// `@unchecked Sendable`: as `HTTP2Stream`. What is set before `ClientConnection.begin` is handed
/// over by it; `initialMetadata`, `trailingMetadata` and `reach` are set once, before the reader
/// that asks for them is woken, and only read from then on.
final class ClientStream: HTTP2Stream, @unchecked Sendable {
  /// How far a call has come that failed.
  enum Reach {
    /// The server may have acted on it.
    case server
    /// The server says that it has not looked at it.
    case refused
    /// It never left.
    case nowhere
  }

  private let client: ClientConnection
  private let plan: CallPlan
  private var response: ResponseHead
  private var number: Int32 = 0

  /// What is sent with the head; set before the call begins.
  var messages: [WireMessage] = []
  /// Whether `messages` are all there will be; set before the call begins.
  var isComplete = false
  /// The attempts that were made before this one.
  var previousAttempts = 0
  /// Who waits for the only response; set before the call begins.
  private var caller: Waiter<WireMessage?>?

  /// What came ahead of the first message.
  private(set) var initialMetadata = Metadata()
  /// What came with the status.
  private(set) var trailingMetadata = Metadata()
  private(set) var reach = Reach.server

  init(_ client: ClientConnection, _ plan: CallPlan, takesOneMessage: Bool) {
    self.client = client
    self.plan = plan
    response = ResponseHead(limit: client.maxHeaderListBytes)
    super.init(
      connection: client,
      maxMessageBytes: plan.maxResponseBytes,
      maxSendMessageBytes: plan.maxRequestBytes
    )
    self.takesOneMessage = takesOneMessage
  }

  /// Sends the head, and the messages that are there.
  func start() {
    if let caller { addReader(.sole, caller) }
    caller = nil
    // Cancelled on the way to the loop.
    guard inboundEnd == nil else { return wakeReaders() }
    let left = plan.deadline.map { $0 - ContinuousClock.now }
    if let left, left <= .zero { return deadlineExpired() }
    guard !client.isClosed, !client.isDraining, let id = submit(left) else {
      reach = .nowhere
      // Also a connection whose numbers are used up (RFC 9113 section 5.1.1).
      client.drain()
      return finish(.failure(RPCError(.unavailable, "the connection takes no more calls")))
    }
    number = id
    client.add(self, id: id)
    deadline = plan.deadline
    client.watchDeadline(of: self)
    // The call has just begun, so that its outbound half is open.
    for message in messages { try? enqueue(message) }
    messages = []
    if isComplete { endOutbound(.halfClose) }
    client.needsFlush()
  }

  private func submit(_ left: Duration?) -> Int32? {
    var block = client.headers(of: plan.method)
    if plan.compression == .gzip { block.add("grpc-encoding", plan.compression.rawValue) }
    if let left { block.add("grpc-timeout", Timeout.encode(left)) }
    if previousAttempts > 0 { block.add("grpc-previous-rpc-attempts", "\(previousAttempts)") }
    if !plan.metadata.isEmpty { block.add(plan.metadata) }
    return client.session.submitRequest(block)
  }

  override func received(name: Span<UInt8>, value: Span<UInt8>) {
    response.receive(name: name, value: value)
    // Over the limit: the rest of the block need not be awaited.
    if let outcome = response.outcome { finish(outcome) }
  }

  override func receivedHeaders(isLast: Bool) {
    guard inboundEnd == nil else { return }
    switch response.endBlock(isLast: isLast) {
    case .interim:
      break
    case .headers:
      initialMetadata = response.initialMetadata
      hasHeaders = true
      if response.compression == .gzip { allowCompressed() }
      wakeReaders()
    case .end:
      trailingMetadata = response.trailingMetadata
      finish(truncationChecked(response.outcome))
    }
  }

  private func truncationChecked(_ outcome: Result<Void, RPCError>?) -> Result<Void, RPCError> {
    guard isTruncated, case .success = outcome else {
      return outcome ?? .failure(RPCError(.unknown, "the response ended without a grpc-status"))
    }
    return .failure(RPCError(.internalError, "the response ended inside a message"))
  }

  override func receivedEnd() {
    finish(.failure(RPCError(.unknown, "the response ended without a grpc-status")))
  }

  override func failed(_ error: RPCError) { finish(.failure(error)) }

  override func closed(code: UInt32) {
    guard inboundEnd == nil else { return }
    // RFC 9113 section 8.7: a refused stream was not processed; nghttp2 says the same of those
    // beyond the last of a GOAWAY.
    if number > client.highestSent {
      reach = .nowhere
    } else if code == 0x7 {
      reach = .refused
    }
    finish(.failure(RPCError(RPCCode(resetCode: code), "the stream was reset with code \(code)")))
  }

  override func connectionLost(_ error: RPCError) {
    if number > client.highestSent, error.code == .unavailable { reach = .nowhere }
    finish(.failure(error))
  }

  override func deadlineExpired() {
    finish(.failure(.deadlinePassed))
  }

  override func taskCancelled() -> Bool {
    cancel()
    return true
  }

  /// Gives the call up; one that has ended stays as it is.
  func cancel() {
    finish(.failure(RPCError(.cancelled, "the call was cancelled")))
  }

  private func finish(_ outcome: Result<Void, RPCError>) {
    guard inboundEnd == nil else { return }
    // What was said before a status is still delivered; after a cancellation nobody wants it.
    var isDiscarding = false
    if case .failure(let error) = outcome, error.code == .cancelled { isDiscarding = true }
    let isComplete = remoteHasEnded && outboundEnd != nil && !hasQueuedMessages
    endInbound(outcome, isDiscarding: isDiscarding)
    abandonOutbound(RPCError(.cancelled, "the call is over"))
    guard id > 0, !isComplete, !client.isClosed else { return }
    client.session.reset(stream: id, code: .cancel)
    client.needsFlush()
  }
}

// For the callers' tasks.
extension ClientStream {
  /// Makes a call of one request and one response, which returns when it has ended.
  func roundTrip(_ request: WireMessage) async throws -> [UInt8] {
    messages = [request]
    isComplete = true
    let caller = Waiter<WireMessage?>()
    self.caller = caller
    let response = try await withTaskCancellationHandler {
      try unsafe await withUnsafeThrowingContinuation { continuation in
        unsafe caller.start(continuation)
        self.client.begin(self)
      }
    } onCancel: {
      self.client.eventLoop.execute { self.cancel() }
    }
    return try await opened(response) ?? []
  }

  /// Begins with what `messages` holds.
  func begin() { client.begin(self) }

  /// No more messages come.
  func halfClose() {
    client.onLoop {
      self.client.startSubmitted()
      self.endOutbound(.halfClose)
    }
  }

  /// Writes a message after those that the call began with.
  func writeNext(_ message: WireMessage) async throws {
    if client.eventLoop.inEventLoop { client.startSubmitted() }
    try await write(message)
  }

  static func decode<Response: Message>(_ bytes: [UInt8]) throws -> Response {
    do {
      return try unsafe Response(decoding: bytes.span.bytes)
    } catch {
      throw (error as? any RPCErrorConvertible)?.rpcError
        ?? RPCError(.internalError, "the response message could not be decoded")
    }
  }
}

extension RPCError {
  static let deadlinePassed = RPCError(.deadlineExceeded, "the deadline has passed")
}
