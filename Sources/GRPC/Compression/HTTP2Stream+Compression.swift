// Compression in the tasks of those who read and write.
//
// A message is inflated when its reader takes it: what a peer sends ahead of a reader is held
// compressed, within the window. So a call holds one inflated message for a reader, of at most the
// limit; and for a caller who is refused before his request is read nothing is inflated.

/// What zlib makes of so many plain bytes, in 0.3 ms at most, the event loop may wait for; the rest
/// is done elsewhere.
private let inlineBytes = 65_536

extension HTTP2Stream {
  /// The plain form of a message; one that has none ends the call.
  final func inflated(_ message: WireMessage) async throws(RPCError) -> [UInt8] {
    // A claim that is not true costs no more than one that is.
    if Gzip.claimedLength(of: message.bytes) <= inlineBytes,
      let bytes = try? inflate(message, limit: min(inlineBytes, maxMessageBytes))
    {
      return bytes
    }
    do throws(Gzip.Failure) {
      return try await withTaskExecutorPreference(globalConcurrentExecutor) {
        () throws(Gzip.Failure) in
        try self.inflate(message, limit: self.maxMessageBytes)
      }
    } catch {
      let error = RPCError(inflating: error, limit: maxMessageBytes)
      connection.onLoop { self.failed(error) }
      throw error
    }
  }

  private func inflate(_ message: WireMessage, limit: Int) throws(Gzip.Failure) -> [UInt8] {
    try Gzip.inflate(message.bytes, limit: limit) { count in
      self.mayInflate(message.bytes.count + count)
    }
  }

  /// A message as this stream sends it.
  ///
  /// - Throws: `RESOURCE_EXHAUSTED` if it is over the limit.
  final func sealed(_ bytes: [UInt8], compress: Bool) async throws(RPCError) -> WireMessage {
    let message = try WireMessage(bytes, limit: maxSendMessageBytes)
    return compress && outboundCompression() == .gzip ? await message.compressed() : message
  }
}

extension WireMessage {
  /// A message within what may be sent.
  ///
  /// - Parameters:
  ///   - bytes: The message, not compressed.
  ///   - limit: The longest, in bytes. A peer holds its own limit against the same length.
  /// - Throws: `RESOURCE_EXHAUSTED` if it is over the limit, or over what a prefix can say.
  init(_ bytes: [UInt8], limit: Int) throws(RPCError) {
    let limit = min(limit, Int(UInt32.max))
    guard bytes.count <= limit else {
      throw RPCError(
        .resourceExhausted,
        "a message of \(bytes.count) bytes is over the limit of \(limit) for sending"
      )
    }
    self.init(bytes)
  }

  /// The same compressed, if that makes it shorter.
  ///
  /// There is no other threshold: who asks for compression knows his messages, and one that cannot
  /// get shorter does not reach zlib.
  func compressed() async -> WireMessage {
    let bytes = bytes
    let deflated =
      bytes.count <= inlineBytes
      ? Gzip.deflate(bytes)
      : await withTaskExecutorPreference(globalConcurrentExecutor) { Gzip.deflate(bytes) }
    return deflated.map { WireMessage($0, isCompressed: true) } ?? self
  }
}

extension RPCError {
  fileprivate init(inflating failure: Gzip.Failure, limit: Int) {
    switch failure {
    case .overLimit:
      self.init(
        .resourceExhausted,
        "a compressed message holds more than the limit of \(limit) bytes"
      )
    case .refused:
      self.init(.unavailable, "the server holds too many requests at the moment")
    case .truncated:
      self.init(.internalError, "a compressed message ends inside its gzip stream")
    case .trailingBytes:
      self.init(.internalError, "a compressed message has bytes after its gzip stream")
    case .damaged:
      self.init(.internalError, "a compressed message is not a whole gzip stream")
    case .noMemory:
      self.init(.resourceExhausted, "no memory for zlib")
    }
  }
}
