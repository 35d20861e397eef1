/// Messages on their way to the peer, each with its prefix of a flag and four bytes of length.
struct OutboundQueue {
  private var messages = MessageQueue()

  /// How much of the first message, prefix included, has been taken.
  private var offset = 0

  /// What is left to be taken, prefixes included.
  private(set) var byteCount = 0

  var isEmpty: Bool { messages.isEmpty }

  mutating func append(_ message: WireMessage) {
    messages.append(message)
    byteCount += 5 + message.bytes.count
  }

  mutating func removeAll() {
    messages.removeAll()
    offset = 0
    byteCount = 0
  }

  /// Moves as many bytes as fit into `buffer`, across messages.
  mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    while count < buffer.count, let message = messages.first {
      while offset < 5, count < buffer.count {
        unsafe buffer[count] = OutboundQueue.prefixByte(offset, of: message)
        offset += 1
        count += 1
      }
      guard offset >= 5 else { break }
      let part = min(message.bytes.count - (offset - 5), buffer.count - count)
      unsafe message.bytes.withUnsafeBytes { bytes in
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[(offset - 5)...].prefix(part))
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
        unsafe target.copyMemory(from: source)
      }
      offset += part
      count += part
      guard offset == 5 + message.bytes.count else { break }
      _ = messages.popFirst()
      offset = 0
    }
    byteCount -= count
    return count
  }

  private static func prefixByte(_ index: Int, of message: WireMessage) -> UInt8 {
    guard index > 0 else { return message.isCompressed ? 1 : 0 }
    return UInt8(truncatingIfNeeded: message.bytes.count >> (8 * (4 - index)))
  }
}
