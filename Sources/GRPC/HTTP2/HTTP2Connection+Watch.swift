import CNghttp2
import Logging
import NIOCore

// What the connection does about its peer's frames and its silence.
extension HTTP2Connection {
  /// Begins to look after the time, when there is a channel.
  final func beginWatch() {
    guard watch == nil else { return }
    let now = ContinuousClock.now
    watch = ConnectionWatch(rules, at: now)
    look(at: now)
  }

  final func look(at now: ContinuousClock.Instant) {
    guard !isClosed, watch != nil else { return }
    sight.openStreams = streams.count
    sight.blocksBegun = frames.blockCount
    sight.isInBlock = frames.isInBlock
    sight.isFull = context.map { !$0.channel.isWritable } ?? false
    switch watch?.look(sight, at: now) {
    case .ping:
      session.submitPing()
      needsFlush()
    case .drain: drain()
    case .abort: abortAll()
    case .expel(let offence): expel(offence)
    case nil: break
    }
    resetUnreadStreams(at: now)
    if streams.isEmpty { releaseOutput() }
    if let next = watch?.next(after: now) { wake(at: next) }
  }

  private func resetUnreadStreams(at now: ContinuousClock.Instant) {
    let queued = streams.values.reduce(0) { $0 + $1.queuedBytes }
    guard let limit = stallTime(queued: queued) else { return }
    for stream in streams.values where stream.standsStill(at: now) >= limit {
      offences?.record(.unreadStream, peer: peerAddress, ["stream": "\(stream.id)"])
      session.reset(stream: stream.id, code: .cancel)
      needsFlush()
    }
  }

  private var peerAddress: String {
    guard let address = context?.channel.remoteAddress else { return "unknown" }
    return "\(address.ipAddress ?? "\(address)"):\(address.port ?? 0)"
  }

  /// Takes account of the frames that begin in `bytes`.
  ///
  /// - Returns: what is wrong with them, if there are too many of a kind.
  final func countFrames(of bytes: ByteBuffer) -> Offence? {
    sight.reads &+= 1
    frames.count(bytes.readableBytesUInt8Span)
    return floodOffence
  }

  final var floodOffence: Offence? {
    frames.isAtMark ? frames.offence(at: .now) : nil
  }

  final func contentSent() {
    sight.hasSentContent = true
    frames.contentSent()
  }

  final func onResetSent(code: UInt32) {
    if code != HTTP2Code.noError.rawValue { frames.resetSent() }
  }

  /// A GOAWAY left; one that nghttp2 made says what the peer did wrong.
  final func onGoAwaySent(code: UInt32, reason: String) {
    guard code != HTTP2Code.noError.rawValue, !isExpelling else { return }
    offences?.record(.violation, peer: peerAddress, ["code": "\(code)", "detail": "\(reason)"])
  }

  /// Ends the connection for what the peer does or fails to do: with a GOAWAY that says why, and a
  /// line in the log.
  final func expel(_ offence: Offence) {
    guard !isClosed else { return }
    let counts = frames.counts
    offences?.record(
      offence,
      peer: peerAddress,
      [
        "streams": "\(streams.count)", "noise-frames": "\(counts.noise)",
        "resets": "\(counts.resets)",
      ]
    )
    isExpelling = true
    session.submitGoAway(
      code: offence == .deadPeer ? .noError : .enhanceYourCalm,
      reason: offence.rawValue
    )
    flush()
    let channel = context?.channel
    lost(RPCError(.unavailable, "the connection was ended: \(offence.rawValue)"))
    guard role == .server, let context, let channel, channel.isWritable else {
      channel?.close(promise: nil)
      return
    }
    end(context)
    // The peer may never take the last words.
    eventLoop.scheduleTask(in: HTTP2Connection.lingerTime) { channel.close(promise: nil) }
  }
}

extension Offence {
  /// What nghttp2 itself stops, `nil` if the failure is nobody's offence.
  init?(_ failure: HTTP2Failure) {
    switch failure.code {
    case Int(NGHTTP2_ERR_FLOODED.rawValue): self = .unreadAcknowledgements
    case Int(NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue): self = .notHTTP2
    case Int(NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue): self = .continuationFlood
    default: return nil
    }
  }
}
