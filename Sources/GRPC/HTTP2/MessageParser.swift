/// Cuts the DATA of a stream into messages: a flag, four bytes of length, the message.
///
/// Source: "Length-Prefixed-Message" in grpc/grpc `doc/PROTOCOL-HTTP2.md`. A length is believed
/// only as its bytes arrive, so that a prefix alone reserves nothing.
struct MessageParser: ~Copyable {
  /// The longest message that is accepted, in bytes.
  let limit: Int

  /// Whether the peer has named an encoding that messages may be in.
  var allowsCompressed = false

  private var prefix: UInt64 = 0
  private var prefixCount = 0
  private var message: [UInt8] = []
  private var missing = 0

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether all that came so far is whole messages.
  var isAtBoundary: Bool { prefixCount == 0 }

  /// The bytes of the message that is not complete yet.
  var heldBytes: Int { message.count }

  /// Takes in the next bytes and appends each message that they complete to `messages`.
  mutating func parse(
    _ bytes: Span<UInt8>,
    into messages: inout MessageQueue
  ) throws(RPCError) {
    var index = 0
    while index < bytes.count {
      if prefixCount < 5 {
        prefix = prefix << 8 | UInt64(bytes[index])
        prefixCount += 1
        index += 1
        guard prefixCount == 5 else { continue }
        try begin()
      } else {
        let count = min(missing, bytes.count - index)
        let part = bytes.extracting(index..<(index + count))
        unsafe part.withUnsafeBufferPointer { unsafe message.append(contentsOf: $0) }
        missing -= count
        index += count
      }
      if missing == 0 {
        messages.append(WireMessage(message, isCompressed: prefix >> 32 == 1))
        message = []
        prefix = 0
        prefixCount = 0
      }
    }
  }

  private mutating func begin() throws(RPCError) {
    let flag = prefix >> 32
    let length = Int(prefix & 0xffff_ffff)
    switch flag {
    case 0: break
    case 1 where allowsCompressed: break
    case 1: throw RPCError(.internalError, "a compressed message without grpc-encoding")
    default: throw RPCError(.internalError, "malformed message prefix")
    }
    guard length <= limit else {
      throw RPCError(
        .resourceExhausted,
        "a message of \(length) bytes is over the limit of \(limit)"
      )
    }
    missing = length
    message.reserveCapacity(min(length, 65_536))
  }
}
