import Testing

@testable import GRPC

@Suite("Length-prefixed messages")
struct FramingTests {
  private static let messages: [[UInt8]] = [[], [1], [2, 3], [UInt8](repeating: 4, count: 300)]
  private static let wire: [UInt8] =
    [0, 0, 0, 0, 0] + [0, 0, 0, 0, 1, 1] + [0, 0, 0, 0, 2, 2, 3]
    + [0, 0, 0, 1, 44] + [UInt8](repeating: 4, count: 300)

  private func all(_ messages: MessageQueue) -> [WireMessage] {
    var messages = messages
    return Array(AnyIterator { messages.popFirst() })
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 100, 1000])
  func `are read however they are cut`(step: Int) throws {
    var parser = MessageParser(limit: 300)
    var messages = MessageQueue()
    for start in stride(from: 0, to: FramingTests.wire.count, by: step) {
      let part = Array(FramingTests.wire[start...].prefix(step))
      try parser.parse(part.span, into: &messages)
    }
    #expect(all(messages) == FramingTests.messages.map { WireMessage($0) })
    let isWhole = parser.isAtBoundary
    #expect(isWhole)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 100, 1000])
  func `are written however they are taken`(step: Int) {
    var queue = OutboundQueue()
    for message in FramingTests.messages { queue.append(WireMessage(message)) }
    #expect(queue.byteCount == FramingTests.wire.count)
    var bytes: [UInt8] = []
    while !queue.isEmpty {
      let part = unsafe [UInt8](unsafeUninitializedCapacity: step) { buffer, count in
        count = unsafe queue.take(into: UnsafeMutableRawBufferPointer(buffer))
      }
      bytes += part
    }
    #expect(bytes == FramingTests.wire)
    #expect(queue.byteCount == 0)
  }

  @Test func `know when they are incomplete`() throws {
    var parser = MessageParser(limit: 10)
    var messages = MessageQueue()
    for byte: UInt8 in [0, 0, 0, 0, 1] {
      try parser.parse([byte].span, into: &messages)
      let isWhole = parser.isAtBoundary
      #expect(!isWhole)
    }
    try parser.parse([9].span, into: &messages)
    let isWhole = parser.isAtBoundary
    #expect(isWhole)
    #expect(all(messages) == [WireMessage([9])])
  }

  @Test func `say whether they are compressed`() throws {
    let message = WireMessage([7, 8], isCompressed: true)
    var queue = OutboundQueue()
    queue.append(message)
    let wire = unsafe [UInt8](unsafeUninitializedCapacity: 10) { buffer, count in
      count = unsafe queue.take(into: UnsafeMutableRawBufferPointer(buffer))
    }
    #expect(wire == [1, 0, 0, 0, 2, 7, 8])
    var parser = MessageParser(limit: 10)
    parser.allowsCompressed = true
    var messages = MessageQueue()
    try parser.parse((wire + [0, 0, 0, 0, 0]).span, into: &messages)
    #expect(all(messages) == [message, WireMessage([])])
  }

  @Test(
    arguments: [
      ([0, 0, 0, 0, 11], RPCCode.resourceExhausted), ([0, 255, 255, 255, 255], .resourceExhausted),
      ([1, 0, 0, 0, 1], .internalError), ([2, 0, 0, 0, 1], .internalError),
      ([255, 0, 0, 0, 0], .internalError),
    ] as [([UInt8], RPCCode)]
  )
  func `are refused by their prefix`(prefix: [UInt8], code: RPCCode) {
    var parser = MessageParser(limit: 10)
    var messages = MessageQueue()
    do {
      try parser.parse(prefix.span, into: &messages)
      Issue.record("accepted")
    } catch {
      #expect(error.code == code)
    }
    #expect(messages.isEmpty)
  }
}
