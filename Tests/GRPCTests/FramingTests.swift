import NIOCore
import Testing

@testable import GRPC

@Suite("Length-prefixed messages")
struct FramingTests {
  private static let messages: [[UInt8]] = [[], [1], [2, 3], [UInt8](repeating: 4, count: 300)]
  private static let wire: [UInt8] =
    [0, 0, 0, 0, 0] + [0, 0, 0, 0, 1, 1] + [0, 0, 0, 0, 2, 2, 3]
    + [0, 0, 0, 1, 44] + [UInt8](repeating: 4, count: 300)

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 100, 1000])
  func `are read however they are cut`(step: Int) throws {
    var parser = MessageParser(limit: 300)
    var messages = CircularBuffer<[UInt8]>()
    for start in stride(from: 0, to: FramingTests.wire.count, by: step) {
      let part = Array(FramingTests.wire[start...].prefix(step))
      try parser.parse(part.span, into: &messages)
    }
    #expect(Array(messages) == FramingTests.messages)
    let isWhole = parser.isAtBoundary
    #expect(isWhole)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 100, 1000])
  func `are written however they are taken`(step: Int) {
    var queue = OutboundQueue()
    for message in FramingTests.messages { queue.append(message) }
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
    var messages = CircularBuffer<[UInt8]>()
    for byte: UInt8 in [0, 0, 0, 0, 1] {
      try parser.parse([byte].span, into: &messages)
      let isWhole = parser.isAtBoundary
      #expect(!isWhole)
    }
    try parser.parse([9].span, into: &messages)
    let isWhole = parser.isAtBoundary
    #expect(isWhole)
    #expect(Array(messages) == [[9]])
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
    var messages = CircularBuffer<[UInt8]>()
    do {
      try parser.parse(prefix.span, into: &messages)
      Issue.record("accepted")
    } catch {
      #expect(error.code == code)
    }
    #expect(messages.isEmpty)
  }
}
