import CNghttp2
import Glibc
import Logging
import NIOCore

/// One HTTP/2 connection: bytes from the channel into nghttp2 and back, streams by number.
///
/// Sits at the end of the pipeline, over TCP or over a TLS handler. What nghttp2 has to send leaves
/// once per read cycle, and once per turn of the loop when handlers or callers made it.
///
/// No reference to a connection is weak: the first such moves its reference count into a side
/// table, and makes all that retain it slow for ever. Timers that hold it end with it, in `lost`.
///
/// `@unchecked Sendable`: the constants are Sendable; everything else, the session too, is touched
/// on `eventLoop` only.
class HTTP2Connection: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// When a write to the channel is large enough, in bytes: with one more frame it is still below
  /// NIO's mark for a full channel, at which reading is switched off.
  private static let writeBytes = 65_536 - 16_393

  /// How long a peer has to close its side after ours is closed; a round trip and then some.
  static let lingerTime = TimeAmount.seconds(1)

  let eventLoop: any EventLoop
  let role: HTTP2Role
  let logger: Logger?

  /// How much a stream queues before its writers wait, in bytes.
  let writeBufferBytes: Int

  final let session: HTTP2Session
  final private(set) var streams = StreamTable()
  final private(set) var isClosed = false
  /// Why the connection is gone.
  final private(set) var lossReason: RPCError?
  final private(set) var context: ChannelHandlerContext?

  // See `HTTP2Connection+Watch.swift`.
  final let rules: ConnectionWatch.Rules
  final let offences: OffenceLog?
  final var watch: ConnectionWatch?
  final var sight = ConnectionWatch.Sight()
  final var frames: FrameBudget
  /// What a callback of nghttp2 found, which must not send.
  final var offence: Offence?
  final var isExpelling = false
  /// PINGs of this end that the peer has not acknowledged.
  final private(set) var unansweredPings = 0

  /// The stream that was looked up last: header fields come one by one.
  private var latest: HTTP2Stream?
  private var hasReceived = false
  private var isReading = false
  private var latestArrival: ContinuousClock.Instant?
  private var isInTurn = false
  private var isFlushScheduled = false
  private var isFlushing = false
  private var isEnding = false
  private var output = ByteBuffer()
  private var deadlineTimer: (deadline: ContinuousClock.Instant, task: Scheduled<Void>)?

  init(
    _ role: HTTP2Role,
    limits: HTTP2Limits,
    rules: ConnectionWatch.Rules,
    writeBufferBytes: Int,
    eventLoop: any EventLoop,
    logger: Logger?,
    offences: OffenceLog? = nil
  ) throws(HTTP2Failure) {
    self.role = role
    self.rules = rules
    self.offences = offences
    frames = FrameBudget(role, at: .now)
    self.writeBufferBytes = writeBufferBytes
    self.eventLoop = eventLoop
    self.logger = logger
    session = try HTTP2Session(role, limits: limits)
    session.setOwner(self)
  }

  // What the two ends do differently.

  /// The peer opens a stream; `nil`: it is refused.
  func makeStream() -> HTTP2Stream? { nil }

  /// Bytes of the peer begin to come, and will end with `readCycleEnded`.
  func readCycleBegan() {}
  func readCycleEnded() {}

  func receivedPing() {}
  func receivedPingAcknowledgement() {}
  func receivedGoAway() {}
  func receivedSettings() {}

  /// A header block of a stream has left.
  func sentHeaders(stream: Int32) {}

  /// The connection's time has come: it takes no more calls.
  func drain() {}

  /// The grace after `drain` is over.
  func abortAll() {}

  /// How long a stream may stand still, when so many bytes wait for the peer in all of them.
  func stallTime(queued: Int) -> Duration? { rules.stallTime }

  /// The connection is gone.
  func ended() {}

  // The channel.

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if isClosed {
      context.close(promise: nil)
    } else {
      if context.channel.isActive { beginWatch() }
      flush()
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    lost(RPCError(.unavailable, "the connection was closed"))
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    beginWatch()
    flush()
  }

  func channelInactive(context: ChannelHandlerContext) {
    lost(RPCError(.unavailable, "the connection was closed"))
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isReading {
      isReading = true
      readCycleBegan()
    }
    guard !isClosed else { return }
    let bytes = unwrapInboundIn(data)
    if !hasReceived {
      hasReceived = true
      if TLSFailure.isTLS(bytes) { return expel(.unexpectedTLS) }
    }
    if let offence = countFrames(of: bytes) { return expel(offence) }
    do {
      try session.receive(bytes)
      if let offence { expel(offence) }
    } catch {
      if let offence = Offence(error) { expel(offence) } else { fail(error) }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    endReadCycle()
    flush()
    // Resets that the peer made this end send.
    if let offence = floodOffence { expel(offence) }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let isWritable = context.channel.isWritable
    if isWritable { flush() }
    // A client that sends and never reads is not read either. The other end always reads, so that
    // two full ends cannot wait for each other.
    if role == .server {
      context.channel.setOption(.autoRead, value: isWritable).whenFailure { _ in }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? IOError, error.errnoCode == ETIMEDOUT {
      expel(.deadPeer)
    } else {
      fail(error)
    }
  }
}

// Sending.
extension HTTP2Connection {
  /// When what is being read came, as a deadline has it: one look at the clock a read cycle.
  final var arrivalTime: ContinuousClock.Instant {
    if let latestArrival { return latestArrival }
    let now = ContinuousClock.now
    if isReading { latestArrival = now }
    return now
  }

  private func endReadCycle() {
    guard isReading else { return }
    isReading = false
    latestArrival = nil
    isInTurn = true
    readCycleEnded()
    isInTurn = false
  }

  /// Runs `body` on the event loop, at once if this is it.
  final func onLoop(_ body: @escaping @Sendable () -> Void) {
    if eventLoop.inEventLoop { body() } else { eventLoop.execute(body) }
  }

  /// Runs `body` and flushes once after it.
  final func inTurn(_ body: () -> Void) {
    let isOuter = !isInTurn
    isInTurn = true
    body()
    guard isOuter else { return }
    isInTurn = false
    flush()
  }

  /// Something was submitted: it leaves at the end of this turn.
  final func needsFlush() {
    guard !isReading, !isInTurn, !isFlushScheduled else { return }
    isFlushScheduled = true
    eventLoop.execute {
      self.isFlushScheduled = false
      self.flush()
    }
  }

  final func consume(_ count: Int, stream: Int32) {
    session.consume(count, stream: stream)
    needsFlush()
  }

  final func flush() {
    guard let context, !isFlushing, !isClosed, context.channel.isActive else { return }
    isFlushing = true
    defer { isFlushing = false }
    do {
      var isMore = true
      while isMore, !isClosed, context.channel.isWritable {
        output.clear()
        isMore = try session.send(into: &output, limit: HTTP2Connection.writeBytes)
        guard output.readableBytes > 0 else { break }
        sight.writes &+= 1
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
      }
    } catch {
      return fail(error)
    }
    if !isClosed, !session.wantsRead, !session.wantsWrite { end(context) }
  }

  /// Gives the memory back that large answers took.
  final func releaseOutput() {
    if output.capacity > 16_384 { output = ByteBuffer() }
  }

  /// Both sides are done: closes without losing what is still on its way to the peer.
  final func end(_ context: ChannelHandlerContext) {
    guard !isEnding else { return }
    isEnding = true
    guard role == .server else { return context.close(promise: nil) }
    // Closing a socket with unread input makes the kernel reset it, and a reset can overtake the
    // last answers. So only our side is closed, and the peer closes the rest.
    let channel = context.channel
    let written = eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    written.futureResult.whenComplete { _ in
      channel.close(mode: .output, promise: nil)
      channel.eventLoop.scheduleTask(in: HTTP2Connection.lingerTime) {
        channel.close(promise: nil)
      }
    }
  }

  /// Ends the connection for an error of its own.
  final func fail(_ error: any Error) {
    let reason = TLSFailure.reason(error)
    logger?.debug("connection failed", metadata: ["error": "\(reason)"])
    close(RPCError(.unavailable, "the connection failed: \(reason)"))
  }

  /// Ends all streams with `error` and closes the channel.
  final func close(_ error: RPCError) {
    lost(error)
    context?.close(promise: nil)
  }

  /// The channel is gone, or never came to be: ends all streams with `error`.
  final func lost(_ error: RPCError) {
    guard !isClosed else { return }
    isClosed = true
    lossReason = error
    deadlineTimer?.task.cancel()
    deadlineTimer = nil
    latest = nil
    let streams = self.streams.values
    self.streams = StreamTable()
    for stream in streams { stream.connectionLost(error) }
    ended()
    // A channel that closes within a read cycle does not end it, and handlers wait for that.
    endReadCycle()
  }
}

// Streams and their deadlines.
extension HTTP2Connection {
  final func add(_ stream: HTTP2Stream, id: Int32) {
    stream.id = id
    streams.add(stream)
    session.setStream(stream)
    sight.streamsBegun &+= 1
  }

  private func stream(_ id: Int32) -> HTTP2Stream? {
    if let latest, latest.id == id { return latest }
    // The session's pointers are to what `streams` holds, and after `lost` that is nothing.
    guard !isClosed else { return nil }
    latest = session.stream(id)
    return latest
  }

  /// Sees to it that the stream hears of its deadline.
  ///
  /// One timer serves all streams and the connection: it fires at the earliest deadline that was
  /// ever watched since it fired last, and calls that end in time need not touch it.
  final func watchDeadline(of stream: HTTP2Stream) {
    guard let deadline = stream.deadline else { return }
    wake(at: deadline)
  }

  final func wake(at deadline: ContinuousClock.Instant) {
    guard !isClosed else { return }
    if let deadlineTimer, deadlineTimer.deadline <= deadline { return }
    deadlineTimer?.task.cancel()
    // A longer wait than an hour is taken in steps.
    let left = min(max(.zero, deadline - .now), .seconds(3600))
    let task = eventLoop.scheduleTask(in: TimeAmount(left)) {
      self.checkDeadlines()
    }
    deadlineTimer = (deadline, task)
  }

  private func checkDeadlines() {
    deadlineTimer = nil
    let now = ContinuousClock.now
    inTurn {
      for stream in streams.values {
        guard let deadline = stream.deadline else { continue }
        if deadline <= now {
          stream.deadline = nil
          stream.deadlineExpired()
        } else {
          watchDeadline(of: stream)
        }
      }
    }
    look(at: now)
  }
}

// What nghttp2 tells.
extension HTTP2Connection {
  final func onBeginHeaders(stream id: Int32) {
    guard stream(id) == nil else { return }
    if let stream = makeStream() {
      add(stream, id: id)
    } else if role == .server {
      session.reset(stream: id, code: .refusedStream)
    }
  }

  final func onHeader(stream id: Int32, name: Span<UInt8>, value: Span<UInt8>) {
    stream(id)?.received(name: name, value: value)
  }

  final func onData(stream id: Int32, bytes: Span<UInt8>) {
    if let stream = stream(id) {
      stream.receive(bytes)
    } else {
      consume(bytes.count, stream: 0)
    }
  }

  final func onFrame(type: UInt8, flags: UInt8, stream id: Int32) {
    let isLast = UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
    switch UInt32(type) {
    case NGHTTP2_HEADERS.rawValue:
      guard let stream = stream(id) else { return }
      if isLast { stream.remoteEnded() }
      stream.receivedHeaders(isLast: isLast)
    case NGHTTP2_DATA.rawValue:
      guard isLast, let stream = stream(id) else { return }
      stream.remoteEnded()
      stream.receivedEnd()
    case NGHTTP2_SETTINGS.rawValue:
      guard UInt32(flags) & NGHTTP2_FLAG_ACK.rawValue != 0 else { return receivedSettings() }
      sight.isSettled = true
    case NGHTTP2_PING.rawValue:
      guard UInt32(flags) & NGHTTP2_FLAG_ACK.rawValue != 0 else { return receivedPing() }
      unansweredPings = max(0, unansweredPings - 1)
      receivedPingAcknowledgement()
    case NGHTTP2_GOAWAY.rawValue:
      receivedGoAway()
    default:
      break
    }
  }

  final func onFrameSent(type: UInt8, flags: UInt8, stream id: Int32) {
    switch UInt32(type) {
    case NGHTTP2_HEADERS.rawValue, NGHTTP2_DATA.rawValue:
      contentSent()
    case NGHTTP2_PING.rawValue where UInt32(flags) & NGHTTP2_FLAG_ACK.rawValue == 0:
      unansweredPings += 1
    default:
      break
    }
    guard UInt32(type) == NGHTTP2_HEADERS.rawValue else { return }
    guard role == .server else { return sentHeaders(stream: id) }
    guard UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0,
      let stream = stream(id), !stream.remoteHasEnded
    else { return }
    // RFC 9113 section 8.1: the answer is complete, the rest of the request is not wanted.
    session.reset(stream: id, code: .noError)
  }

  final func onStreamClose(stream id: Int32, code: UInt32) {
    if code == HTTP2Code.noError.rawValue { frames.callEnded() }
    guard let stream = stream(id) else { return }
    latest = nil
    streams.remove(stream)
    stream.id = 0
    stream.closed(code: code)
  }

  final func fillBody(of id: Int32, into buffer: UnsafeMutableRawBufferPointer) -> BodyPart {
    guard let stream = stream(id) else { return .streamIsGone }
    return unsafe stream.fillBody(into: buffer)
  }
}
