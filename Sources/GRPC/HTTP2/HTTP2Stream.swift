import NIOCore
import Synchronization

/// One call's stream: messages in, messages out, both bounded.
///
/// The halves of the protocol, `ServerStream` and `ClientStream`, add what headers and ends mean.
///
/// `@unchecked Sendable`: everything but `connection` is touched on its event loop only; the async
/// functions go there before they touch anything, but for atomics.
class HTTP2Stream: @unchecked Sendable {
  /// What a reader waits for.
  enum Reading: Sendable {
    /// The next message; `nil` after the last.
    case next
    /// The only message, and the end after it.
    case sole
    /// The peer's headers.
    case headers
    /// The peer's headers, or the error of a call that failed without any.
    case verdict
    /// The end, whatever messages there are.
    case end
  }

  /// How this end's half closes after the last message.
  enum OutboundEnd {
    case halfClose
    case trailers(HeaderBlock)
  }

  let connection: HTTP2Connection

  /// The stream's number; 0 before it is opened and after it is closed.
  final var id: Int32 = 0

  /// Where the connection has it among its streams.
  final var slot = 0

  /// Whether a second message from the peer is an error.
  final var takesOneMessage = false

  /// When the call is to be given up.
  final var deadline: ContinuousClock.Instant?

  /// The longest message that is taken in, in bytes, compressed and not.
  final let maxMessageBytes: Int
  private var parser: MessageParser
  private var inbox = MessageQueue()
  /// Bytes that came and for which the peer has no new credit yet.
  private var unconsumed = 0
  private var readers: [(Reading, Waiter<WireMessage?>)] = []
  final private(set) var remoteHasEnded = false
  final private(set) var inboundEnd: Result<Void, RPCError>?
  final var hasHeaders = false

  /// Whether the message that was read last came compressed.
  final let lastWasCompressed = Atomic(false)

  /// The longest message that is sent, in bytes before it is compressed.
  final let maxSendMessageBytes: Int
  private var outbox = OutboundQueue()
  private var writers: [Waiter<Void>] = []
  private var outboundFailure: RPCError?
  final private(set) var outboundEnd: OutboundEnd?
  /// Whether nghttp2 waits to be told of more to send.
  private var isDeferred = false
  /// The bytes that nghttp2 has taken of the messages.
  private var takenBytes = 0
  private var standstill = Standstill()

  init(connection: HTTP2Connection, maxMessageBytes: Int, maxSendMessageBytes: Int) {
    self.connection = connection
    self.maxMessageBytes = maxMessageBytes
    self.maxSendMessageBytes = maxSendMessageBytes
    self.parser = MessageParser(limit: maxMessageBytes)
  }

  // What the halves say.

  /// A field of a header block of this stream.
  func received(name: Span<UInt8>, value: Span<UInt8>) {}

  /// A header block is complete; `isLast` if it ends the peer's half.
  func receivedHeaders(isLast: Bool) {}

  /// The peer's half ended with DATA.
  func receivedEnd() {}

  /// What came cannot be read as messages, or is over a limit.
  func failed(_ error: RPCError) {}

  /// So many bytes are kept here of a message that has not come to its end.
  ///
  /// - Returns: whether they may be.
  func mayHold(_ count: Int) -> Bool { true }

  /// So many bytes are held to inflate a message; asked on any thread.
  ///
  /// - Returns: whether they may be.
  func mayInflate(_ count: Int) -> Bool { true }

  /// How this end compresses what it sends, now and ever after; asked on any thread.
  func outboundCompression() -> Compression { .identity }

  /// The stream is gone: `code` is the peer's, or ours if this end reset it.
  func closed(code: UInt32) {}

  /// The connection is gone, or never came to be.
  func connectionLost(_ error: RPCError) {}

  /// `deadline` has passed.
  func deadlineExpired() {}

  /// The body has something to send, perhaps for the first time.
  func willSendBody() {}

  /// A task that waits here was cancelled.
  ///
  /// - Returns: whether this ended the call, so that the task learns of that instead.
  func taskCancelled() -> Bool { false }
}

// From the peer.
extension HTTP2Stream {
  final func receive(_ bytes: Span<UInt8>) {
    unconsumed += bytes.count
    guard inboundEnd == nil else { return consume(unconsumed) }
    do {
      try parser.parse(bytes, into: &inbox)
    } catch {
      return failed(error)
    }
    guard mayHold(parser.heldBytes) else {
      return failed(RPCError(.unavailable, "the server holds too many requests at the moment"))
    }
    if takesOneMessage, inbox.count > 1 || inbox.count == 1 && isTruncated {
      return failed(RPCError(.internalError, "more messages than one"))
    }
    // While nothing is there to be read the reader is the one that waits, and a message may be
    // longer than the window; what is kept is bounded by the limit of a message.
    if inbox.isEmpty { consume(unconsumed) } else { wakeReaders() }
  }

  /// The peer has named an encoding that its messages may be in.
  final func allowCompressed() {
    parser.allowsCompressed = true
  }

  /// The peer has sent all it will send.
  final func remoteEnded() {
    remoteHasEnded = true
  }

  /// Whether the peer's half ended in the middle of a message.
  final var isTruncated: Bool { !parser.isAtBoundary }

  /// Nothing more will come; `isDiscarding` also drops what nobody has read yet.
  final func endInbound(_ result: Result<Void, RPCError>, isDiscarding: Bool) {
    guard inboundEnd == nil else { return }
    inboundEnd = result
    if isDiscarding {
      inbox.removeAll()
      consume(unconsumed)
    }
    wakeReaders()
  }

  /// Has a reader wait that did not go through `read`; on the loop.
  final func addReader(_ reading: Reading, _ waiter: Waiter<WireMessage?>) {
    readers.append((reading, waiter))
  }

  final func wakeReaders() {
    var index = 0
    // One that waits for the end does not stand in the way of one that waits for a message.
    while index < readers.count {
      let (reading, waiter) = readers[index]
      if waiter.isDone {
        readers.remove(at: index)
      } else if let result = tryRead(reading) {
        readers.remove(at: index)
        waiter.resume(result)
      } else {
        index += 1
      }
    }
  }

  private func consume(_ count: Int) {
    guard count > 0 else { return }
    unconsumed -= count
    connection.consume(count, stream: remoteHasEnded ? 0 : id)
  }
}

// Reading.
extension HTTP2Stream {
  /// Waits for what `reading` says.
  final func read(_ reading: Reading) async throws -> [UInt8]? {
    let message: WireMessage?
    if connection.eventLoop.inEventLoop, readers.isEmpty, let result = tryRead(reading) {
      message = try result.get()
    } else {
      message = try await wait(reading)
    }
    return try await opened(message)
  }

  /// What a message holds that was read.
  final func opened(_ message: WireMessage?) async throws -> [UInt8]? {
    guard let message else { return nil }
    lastWasCompressed.store(message.isCompressed, ordering: .relaxed)
    return message.isCompressed ? try await inflated(message) : message.bytes
  }

  private func wait(_ reading: Reading) async throws -> WireMessage? {
    let waiter = Waiter<WireMessage?>()
    return try await withTaskCancellationHandler {
      try unsafe await withUnsafeThrowingContinuation { continuation in
        self.connection.onLoop {
          unsafe waiter.start(continuation)
          self.readers.append((reading, waiter))
          self.wakeReaders()
        }
      }
    } onCancel: {
      self.connection.eventLoop.execute { self.cancel(waiter) }
    }
  }

  private func cancel<Value>(_ waiter: Waiter<Value>) {
    if !taskCancelled() { waiter.cancel() }
  }

  /// The result for a reader, `nil` if it has to wait.
  private func tryRead(_ reading: Reading) -> Result<WireMessage?, any Error>? {
    switch reading {
    case .next:
      if let message = popMessage() { return .success(message) }
      return inboundEnd.map(HTTP2Stream.atEnd)
    case .sole:
      guard let inboundEnd else { return nil }
      if case .failure(let error) = inboundEnd { return .failure(error) }
      guard let message = popMessage() else {
        return .failure(RPCError(.internalError, "the message is missing"))
      }
      return .success(message)
    case .headers:
      return hasHeaders || inboundEnd != nil ? .success(nil) : nil
    case .verdict:
      return hasHeaders ? .success(nil) : inboundEnd.map(HTTP2Stream.atEnd)
    case .end:
      return inboundEnd.map(HTTP2Stream.atEnd)
    }
  }

  private static func atEnd(_ end: Result<Void, RPCError>) -> Result<WireMessage?, any Error> {
    switch end {
    case .success: .success(nil)
    case .failure(let error): .failure(error)
    }
  }

  private func popMessage() -> WireMessage? {
    guard let message = inbox.popFirst() else { return nil }
    consume(inbox.isEmpty ? unconsumed : min(unconsumed, message.bytes.count + 5))
    return message
  }
}

// Writing.
extension HTTP2Stream {
  /// Queues a message, and waits while the peer has not taken enough of what is queued.
  final func write(_ message: WireMessage) async throws {
    let isOnLoop = connection.eventLoop.inEventLoop
    if isOnLoop {
      try enqueue(message)
      guard isFull else { return }
    }
    let waiter = Waiter<Void>()
    try await withTaskCancellationHandler {
      try unsafe await withUnsafeThrowingContinuation { continuation in
        self.connection.onLoop {
          unsafe waiter.start(continuation)
          do {
            if !isOnLoop { try self.enqueue(message) }
            if self.isFull { self.writers.append(waiter) } else { waiter.resume(.success(())) }
          } catch {
            waiter.resume(.failure(error))
          }
        }
      }
    } onCancel: {
      self.connection.eventLoop.execute { self.cancel(waiter) }
    }
  }

  private var isFull: Bool { outbox.byteCount > connection.writeBufferBytes }

  final var hasQueuedMessages: Bool { !outbox.isEmpty }

  /// The bytes that wait for the peer.
  final var queuedBytes: Int { outbox.byteCount }

  /// For how long the peer has taken nothing of what is queued, as far as was looked.
  final func standsStill(at now: ContinuousClock.Instant) -> Duration {
    standstill.lasts(hasQueuedMessages, progress: takenBytes, at: now)
  }

  /// Queues a message without waiting.
  final func enqueue(_ message: WireMessage) throws(RPCError) {
    if let outboundFailure { throw outboundFailure }
    guard outboundEnd == nil else {
      throw RPCError(.internalError, "a message was written after the last")
    }
    outbox.append(message)
    resumeBody()
  }

  /// Closes this end's half after what is queued.
  final func endOutbound(_ end: OutboundEnd) {
    guard outboundEnd == nil, outboundFailure == nil else { return }
    outboundEnd = end
    resumeBody()
  }

  /// Nothing more will be sent: drops what is queued and tells the writers why.
  final func abandonOutbound(_ error: RPCError) {
    guard outboundFailure == nil else { return }
    outboundFailure = error
    outbox.removeAll()
    wakeWriters()
  }

  private func resumeBody() {
    willSendBody()
    if isDeferred {
      isDeferred = false
      connection.session.resume(stream: id)
    }
    connection.needsFlush()
  }

  /// What nghttp2 sends next.
  final func fillBody(into buffer: UnsafeMutableRawBufferPointer) -> BodyPart {
    let count = unsafe outbox.take(into: buffer)
    takenBytes &+= count
    if !isFull { wakeWriters() }
    if outbox.isEmpty, let outboundEnd {
      switch outboundEnd {
      case .halfClose:
        return .last(count)
      case .trailers(let trailers):
        connection.session.submitTrailers(trailers, stream: id)
        return .lastBeforeTrailers(count)
      }
    }
    if count > 0 { return .bytes(count) }
    isDeferred = true
    return .nothingYet
  }

  private func wakeWriters() {
    guard !writers.isEmpty else { return }
    let result: Result<Void, any Error> =
      outboundFailure.map { .failure($0) } ?? .success(())
    for waiter in writers { waiter.resume(result) }
    writers.removeAll()
  }
}
