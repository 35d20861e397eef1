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
  private var handler: MethodHandler?
  /// Runs the handler, until the call is answered.
  private var worker: CallWorker?
  private var metadata = Metadata()
  private var acceptsGzip = false
  private var isToCompressed = false
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
    super.init(
      connection: server,
      maxMessageBytes: server.configuration.maxMessageBytes,
      maxSendMessageBytes: server.configuration.maxSendMessageBytes
    )
  }

  deinit {
    let taken = taken + takenToInflate.load(ordering: .relaxed)
    if taken > 0 { server.budget.give(taken) }
  }

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
    guard compression == .identity || acceptsGzip else { return }
    encoding.choose(compression)
  }

  override func received(name: Span<UInt8>, value: Span<UInt8>) {
    // Trailers of a request mean nothing to gRPC.
    guard !hasHeaders else { return }
    server.head.receive(name: name, value: value)
  }

  override func receivedHeaders(isLast: Bool) {
    if !hasHeaders {
      hasHeaders = true
      accept()
    }
    if isLast { receivedEnd() }
  }

  private func accept() {
    server.head.end()
    if let refusal = server.head.refusal { return refuse(refusal) }
    guard let handler = server.router[server.head.path] else {
      let path = String(decoding: server.head.path, as: UTF8.self)
      return abort(RPCError(.unimplemented, "unknown method \(path)"))
    }
    self.handler = handler
    metadata = server.head.metadata
    acceptsGzip = server.head.acceptsGzip
    isToCompressed = server.head.compression == .gzip
    if isToCompressed { allowCompressed() }
    if server.configuration.compression == .gzip { chooseCompression(.gzip) }
    takesOneMessage = !handler.isRequestStreaming
    let timeout = server.head.timeout ?? handler.timeout
    let now = connection.arrivalTime
    callDeadline = timeout.map { now + $0 }
    deadline = callDeadline
    if takesOneMessage {
      let requestDeadline = now + server.configuration.requestTime
      deadline = callDeadline.map { min($0, requestDeadline) } ?? requestDeadline
    }
    connection.watchDeadline(of: self)
    if handler.isRequestStreaming { start() }
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
      start()
    }
  }

  private func start() {
    worker = server.run(self)
  }

  /// Runs the handler and answers, in the task of a `CallWorker`.
  func serve() async {
    guard let handler else { return }
    let context = ServerContext(
      method: handler.method,
      metadata: metadata,
      peer: server.peer,
      deadline: callDeadline,
      stream: self
    )
    do {
      let bytes = try await ServerStream.run(handler, self, context)
      let message = try bytes.map { try WireMessage($0, limit: maxSendMessageBytes) }
      // Apart, because waiting here costs the calls that need not 3 % of their time.
      if encoding.settled() == .gzip, let message {
        answer(await message.compressed(), nil)
      } else {
        answer(message, nil)
      }
    } catch {
      let status = RPCError(answering: error)
      log(error, answeredAs: status.code, of: handler.method)
      answer(nil, status)
    }
  }

  private func answer(_ message: WireMessage?, _ error: RPCError?) {
    // Where the handler ended is mostly on the loop, and then no closure need be made.
    if connection.eventLoop.inEventLoop { return finish(message, error) }
    connection.eventLoop.execute { self.finish(message, error) }
  }

  private static func run(
    _ handler: MethodHandler,
    _ stream: ServerStream,
    _ context: ServerContext
  ) async throws -> [UInt8]? {
    let call = ServerCall(stream: stream, context: context)
    guard let deadline = context.deadline else { return try await handler.run(call) }
    return try await Deadline.$current.withValue(deadline) { try await handler.run(call) }
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
      // Escaped, for a caller's text may be part of it, line breaks and all.
      metadata: [
        "method": "\(method.path)", "error": "\(String(reflecting: error).debugDescription)",
      ]
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
      isToCompressed: isToCompressed
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
    worker = nil
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
    if let worker {
      worker.cancel()
      isLingering = true
      server.lingeringHandlers += 1
    }
    worker = nil
    endInbound(.failure(error), isDiscarding: true)
    abandonOutbound(error)
  }
}
