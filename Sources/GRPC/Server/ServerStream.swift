import Logging
import NIOCore
import Synchronization

/// A call at the server: reads its head, runs its handler as a task on the connection's event loop,
/// and answers exactly once.
///
/// `@unchecked Sendable`: as `HTTP2Stream`.
final class ServerStream: HTTP2Stream, @unchecked Sendable {
  var initialMetadata = Metadata()
  var trailingMetadata = Metadata()

  let server: ServerConnection
  private var head: RequestHead
  private var handler: MethodHandler?
  private var task: Task<Void, Never>?
  private var hasResponse = false
  private var isFinished = false
  /// Whether the handler runs although the call is over.
  private var isLingering = false
  /// When the caller gives up; until its request is complete, `deadline` may be sooner.
  private var callDeadline: ContinuousClock.Instant?
  /// What was taken of the server's budget for what came.
  private var taken = 0
  /// What was taken of it to inflate.
  private let takenToInflate = Atomic(0)
  private let encoding = AnswerEncoding()

  init(_ server: ServerConnection) {
    self.server = server
    head = RequestHead(limit: server.configuration.maxHeaderListBytes)
    super.init(
      connection: server,
      maxMessageBytes: server.configuration.maxMessageBytes,
      maxSendMessageBytes: server.configuration.maxSendMessageBytes
    )
  }

  deinit { server.budget.give(taken + takenToInflate.load(ordering: .relaxed)) }

  override func mayHold(_ count: Int) -> Bool {
    let more = count - RequestBudget.free - taken
    guard more > 0 else { return true }
    guard server.budget.take(more) else { return false }
    taken += more
    return true
  }

  override func mayInflate(_ count: Int) -> Bool {
    let more = count - RequestBudget.free - takenToInflate.load(ordering: .relaxed)
    guard more > 0 else { return true }
    guard server.budget.take(more) else { return false }
    takenToInflate.add(more, ordering: .relaxed)
    return true
  }

  override func outboundCompression() -> Compression { encoding.settled() }

  /// For the handler, on any thread.
  func chooseCompression(_ compression: Compression) {
    guard compression == .identity || head.acceptsGzip else { return }
    encoding.choose(compression)
  }

  override func received(name: Span<UInt8>, value: Span<UInt8>) {
    // Trailers of a request mean nothing to gRPC.
    guard !hasHeaders else { return }
    head.receive(name: name, value: value)
  }

  override func receivedHeaders(isLast: Bool) {
    if !hasHeaders {
      hasHeaders = true
      accept()
    }
    if isLast { receivedEnd() }
  }

  private func accept() {
    if let refusal = head.refusal { return refuse(refusal) }
    guard let handler = server.handlers[head.path] else {
      return abort(RPCError(.unimplemented, "unknown method \(head.path)"))
    }
    self.handler = handler
    if head.compression == .gzip { allowCompressed() }
    if server.configuration.compression == .gzip { chooseCompression(.gzip) }
    let now = ContinuousClock.now
    takesOneMessage = !handler.isRequestStreaming
    let requestTime = takesOneMessage ? server.configuration.requestTime : nil
    let timeout = head.timeout ?? handler.timeout
    callDeadline = timeout.map { now + $0 }
    deadline = [timeout, requestTime].compactMap { $0 }.min().map { now + $0 }
    connection.watchDeadline(of: self)
    if handler.isRequestStreaming { start(handler) }
  }

  private func refuse(_ refusal: RequestHead.Refusal) {
    switch refusal {
    case .rpc(let error):
      abort(error)
    case .http(let status):
      var block = HeaderBlock()
      block.add(":status", String(status))
      isFinished = true
      hasResponse = true
      connection.session.submitResponse(block, stream: id, hasBody: false)
      release(RPCError(.internalError, "not a gRPC request"))
    }
  }

  override func receivedEnd() {
    guard !isFinished else { return }
    guard !isTruncated else {
      return abort(RPCError(.internalError, "the request ended inside a message"))
    }
    endInbound(.success(()), isDiscarding: false)
    if let handler, !handler.isRequestStreaming {
      deadline = callDeadline
      connection.watchDeadline(of: self)
      start(handler)
    }
  }

  private func start(_ handler: MethodHandler) {
    let context = ServerContext(
      method: handler.method,
      metadata: head.metadata,
      peer: server.peer,
      deadline: callDeadline,
      stream: self
    )
    task = Task(executorPreference: server.executor) {
      do {
        let bytes = try await ServerStream.run(handler, self, context)
        let message = try bytes.map { try WireMessage($0, limit: self.maxSendMessageBytes) }
        // Apart, because waiting here costs the calls that need not 3 % of their time.
        if self.encoding.settled() == .gzip, let message {
          let compressed = await message.compressed()
          self.connection.onLoop { self.finish(compressed, nil) }
        } else {
          self.connection.onLoop { self.finish(message, nil) }
        }
      } catch {
        let answer = RPCError(answering: error)
        self.log(error, answeredAs: answer.code, of: handler.method)
        self.connection.onLoop { self.finish(nil, answer) }
      }
    }
  }

  private static func run(
    _ handler: MethodHandler,
    _ stream: ServerStream,
    _ context: ServerContext
  ) async throws -> [UInt8]? {
    guard let deadline = context.deadline else { return try await handler.run(stream, context) }
    return try await Deadline.$current.withValue(deadline) {
      try await handler.run(stream, context)
    }
  }

  /// Logs what somebody has to mend, with its own text: the caller is not told it.
  private func log(
    _ error: any Error,
    answeredAs code: RPCCode,
    of method: MethodDescriptor
  ) {
    guard [.internalError, .unknown, .dataLoss, .unavailable].contains(code) else { return }
    server.logger?.error(
      "handler failed",
      metadata: ["method": "\(method.path)", "error": "\(String(reflecting: error))"]
    )
  }

  override func failed(_ error: RPCError) { abort(error) }

  override func deadlineExpired() {
    guard !isFinished else {
      // Answered, but the client does not take it.
      connection.session.reset(stream: id, code: .cancel)
      return connection.needsFlush()
    }
    abort(RPCError(.deadlineExceeded, "the deadline has passed"))
  }

  override func closed(code: UInt32) {
    isFinished = true
    release(RPCError(.cancelled, "the call was cancelled"))
  }

  override func connectionLost(_ error: RPCError) {
    isFinished = true
    release(error)
  }

  // Answering.

  override func willSendBody() {
    guard !hasResponse else { return }
    hasResponse = true
    let block = HeaderBlock.response(
      initialMetadata,
      compression: encoding.settled(),
      isToCompressed: head.compression == .gzip
    )
    connection.session.submitResponse(block, stream: id, hasBody: true)
  }

  /// The handler is done: what it wrote goes out, then its status.
  private func finish(_ message: WireMessage?, _ error: RPCError?) {
    guard !isFinished else { return leave() }
    isFinished = true
    let error = error.map(described)
    // The stream is open and its outbound half too, or it would be finished.
    if let message { try? enqueue(message) }
    if hasResponse {
      endOutbound(.trailers(.trailers(error, trailingMetadata)))
    } else {
      submitTrailersOnly(error)
    }
    task = nil
    endInbound(
      .failure(RPCError(.cancelled, "the call has been answered")),
      isDiscarding: true
    )
  }

  private func leave() {
    guard isLingering else { return }
    isLingering = false
    server.lingeringHandlers -= 1
  }

  /// Answers at once, whatever the handler does or has written.
  func abort(_ error: RPCError) {
    guard !isFinished else { return }
    isFinished = true
    let error = described(error)
    if hasResponse {
      // The queued body may wait for the peer's window for ever; trailers do not.
      connection.session.submitTrailers(.trailers(error, trailingMetadata), stream: id)
      connection.needsFlush()
    } else {
      submitTrailersOnly(error)
    }
    release(error)
  }

  private func described(_ error: RPCError) -> RPCError {
    error.details.isEmpty ? server.configuration.describe(error) : error
  }

  private func submitTrailersOnly(_ error: RPCError?) {
    hasResponse = true
    var metadata = initialMetadata
    metadata.add(trailingMetadata)
    connection.session.submitResponse(.trailersOnly(error, metadata), stream: id, hasBody: false)
    connection.needsFlush()
  }

  /// Lets go of the handler: its task is cancelled, and whoever reads or writes here learns why.
  private func release(_ error: RPCError) {
    if let task {
      task.cancel()
      isLingering = true
      server.lingeringHandlers += 1
    }
    task = nil
    endInbound(.failure(error), isDiscarding: true)
    abandonOutbound(error)
  }
}

// For the handler's task.
extension ServerStream {
  func readRequest<Request: Message>() async throws -> Request {
    let bytes = try await read(.sole)
    return try ServerStream.decode(bytes ?? [])
  }

  static func decode<Request: Message>(_ bytes: [UInt8]) throws -> Request {
    do {
      return try unsafe Request(decoding: bytes.span.bytes)
    } catch {
      throw RPCError(answeringUndecodable: error)
    }
  }
}
