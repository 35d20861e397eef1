import NIOCore

/// A call at the client: sends its head, takes the response apart, and ends exactly once.
///
/// `@unchecked Sendable`: as `HTTP2Stream`; `isUnprocessed` is also read by the caller, after a
/// read has told it that the call is over, when nothing writes it any more.
final class ClientStream: HTTP2Stream, @unchecked Sendable {
  private let client: ClientConnection
  private let compression: Compression
  private var response: ResponseHead
  /// The task that writes the requests of a bidirectional call.
  private var sender: Task<Void, Never>?

  /// Whether the server is known never to have seen the call, so that it may be made again.
  private(set) var isUnprocessed = false

  init(_ client: ClientConnection, _ options: CallOptions, takesOneMessage: Bool) {
    self.client = client
    compression = options.compression ?? client.configuration.compression
    response = ResponseHead(limit: client.configuration.maxHeaderListBytes)
    super.init(
      connection: client,
      maxMessageBytes: options.maxResponseBytes ?? client.configuration.maxMessageBytes,
      maxSendMessageBytes: options.maxRequestBytes ?? client.configuration.maxSendMessageBytes
    )
    self.takesOneMessage = takesOneMessage
  }

  override func outboundCompression() -> Compression { compression }

  /// Sends the head, and with it the only request message if there is but one.
  func start(_ method: MethodDescriptor, _ options: CallOptions, sole message: WireMessage?) {
    // Cancelled on the way to the loop.
    guard inboundEnd == nil else { return }
    guard options.timeout.map({ $0 > .zero }) ?? true else { return deadlineExpired() }
    guard !client.isClosed, !client.isDraining, let id = submit(method, options) else {
      isUnprocessed = true
      return finish(
        .failure(client.failure ?? RPCError(.unavailable, "the connection takes no more calls"))
      )
    }
    client.add(self, id: id)
    if let timeout = options.timeout {
      deadline = ContinuousClock.now + timeout
      client.watchDeadline(of: self)
    }
    if let message {
      // The call has just begun, so that its outbound half is open.
      try? enqueue(message)
      endOutbound(.halfClose)
    }
    client.needsFlush()
  }

  private func submit(_ method: MethodDescriptor, _ options: CallOptions) -> Int32? {
    var block = client.requestHeaders
    block.add(":path", method.path)
    block.add(ClientStream.fixedHeaders)
    if compression == .gzip { block.add("grpc-encoding", compression.rawValue) }
    if let timeout = options.timeout { block.add("grpc-timeout", Timeout.encode(timeout)) }
    block.add(options.metadata)
    return client.session.submitRequest(block)
  }

  private static let fixedHeaders: HeaderBlock = {
    var block = HeaderBlock()
    block.add("te", "trailers")
    block.add("content-type", "application/grpc")
    block.add("grpc-accept-encoding", Compression.accepted)
    block.add("user-agent", "grpc-swift-nghttp2/1.0")
    return block
  }()

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
      hasHeaders = true
      if response.compression == .gzip { allowCompressed() }
      wakeReaders()
    case .end:
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
    // RFC 9113 section 8.7: a refused stream was not processed.
    isUnprocessed = code == 0x7
    finish(.failure(RPCError(RPCCode(resetCode: code), "the stream was reset with code \(code)")))
  }

  override func connectionLost(_ error: RPCError) { finish(.failure(error)) }

  override func deadlineExpired() {
    finish(.failure(RPCError(.deadlineExceeded, "the deadline has passed")))
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
    sender?.cancel()
    sender = nil
    guard id > 0, !isComplete, !client.isClosed else { return }
    client.session.reset(stream: id, code: .cancel)
    client.needsFlush()
  }

  // For the callers.

  /// Sets the task that ends with the call; on the loop.
  func setSender(_ task: Task<Void, Never>) {
    if inboundEnd == nil { sender = task } else { task.cancel() }
  }

  /// What came ahead of the first message; empty if the call ended without.
  func initialMetadata() async throws -> Metadata {
    _ = try await read(.headers)
    return try await client.eventLoop.submit { self.response.initialMetadata }.get()
  }

  /// What came with the status of a call that succeeded.
  func trailingMetadata() async throws -> Metadata {
    _ = try await read(.end)
    return try await client.eventLoop.submit { self.response.trailingMetadata }.get()
  }

  func hasEnded() async throws -> Bool {
    try await client.eventLoop.submit { self.inboundEnd != nil }.get()
  }
}
