import Testing

@testable import GRPC

@Suite("The budget of frames")
struct FrameBudgetTests {
  private let begin = ContinuousClock.now

  private func server() -> FrameBudget {
    var budget = FrameBudget(.server, at: begin)
    budget.count(Array(Wire.preface.prefix(24)))
    return budget
  }

  private static let ping = Wire.frame(6, [UInt8](repeating: 0, count: 8))

  @Test(
    arguments: [
      (Wire.frame(0, stream: 1), Offence.emptyDataFlood),
      (Wire.frame(0, flags: 8, stream: 1, [2, 0, 0]), .emptyDataFlood),
      (Wire.frame(2, stream: 1, [0, 0, 0, 0, 0]), .priorityFlood),
      (Wire.frame(4), .settingsFlood),
      (ping, .pingFlood),
      (Wire.frame(8, [0, 0, 0, 1]), .windowUpdateFlood),
      (Wire.frame(9, stream: 1, [1, 2, 3]), .continuationFlood),
      (Wire.frame(16, [0, 0, 0, 1]), .unknownFrameFlood),
      (Wire.frame(0xfe), .unknownFrameFlood),
      (Wire.frame(3, stream: 1, [0, 0, 0, 8]), .rapidReset),
    ]
  )
  func `a flood has the name of its frames`(frame: [UInt8], offence: Offence) {
    var budget = server()
    for _ in 1..<FrameBudget.mark { budget.count(frame) }
    #expect(!budget.isAtMark)
    budget.count(frame)
    #expect(budget.isAtMark)
    #expect(budget.offence(at: begin + .seconds(9)) == offence)
  }

  @Test func `frames are told apart however they are cut`() {
    let bytes = (0..<FrameBudget.mark).flatMap { _ in
      Wire.headers() + Wire.frame(0, flags: 8, stream: 1, [1, 0]) + FrameBudgetTests.ping
    }
    for size in [1, 2, 7, 10, 100, 5_000] {
      var budget = server()
      for start in stride(from: 0, to: bytes.count, by: size) {
        budget.count(Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(budget.counts.noise == 2 * FrameBudget.mark)
      #expect(budget.blockCount == FrameBudget.mark)
    }
  }

  @Test func `a slow peer is no flood`() {
    var budget = server()
    for _ in 0..<FrameBudget.mark { budget.count(FrameBudgetTests.ping) }
    #expect(budget.offence(at: begin + FrameBudget.window) == nil)
    #expect(!budget.isAtMark)
  }

  @Test func `content pays for the frames that go with it`() {
    var budget = server()
    for round in 1...10_000 {
      budget.contentSent()
      budget.count(Wire.frame(8, [0, 0, 1, 0]))
      budget.count(Wire.frame(8, stream: 1, [0, 0, 1, 0]))
      budget.count(FrameBudgetTests.ping)
      guard budget.isAtMark else { continue }
      #expect(budget.offence(at: begin) == nil, "round \(round)")
    }
  }

  @Test func `what was paid long ago does not count`() {
    var budget = server()
    for _ in 0..<1_000_000 { budget.contentSent() }
    for _ in 0..<FrameBudget.mark { budget.count(FrameBudgetTests.ping) }
    #expect(budget.offence(at: begin) == nil)
    for _ in 0..<FrameBudget.mark { budget.count(FrameBudgetTests.ping) }
    #expect(budget.offence(at: begin) == .pingFlood)
  }

  @Test func `who cancels as many calls as end well is no rapid reset`() {
    var budget = server()
    for _ in 0..<10_000 {
      budget.callEnded()
      budget.count(Wire.frame(3, stream: 1, [0, 0, 0, 8]))
      if budget.isAtMark { #expect(budget.offence(at: begin) == nil) }
    }
  }

  @Test func `resets that the peer provokes count like its own`() {
    var budget = server()
    for _ in 0..<FrameBudget.mark { budget.resetSent() }
    #expect(budget.offence(at: begin) == .rapidReset)
  }

  @Test func `a server may refuse its client as often as it likes`() {
    var budget = FrameBudget(.client, at: begin)
    for _ in 0..<(2 * FrameBudget.mark) {
      budget.count(Wire.frame(3, stream: 1, [0, 0, 0, 7]))
    }
    #expect(!budget.isAtMark)
  }

  @Test func `an open header block is known`() {
    var budget = server()
    budget.count(Wire.headers(flags: 0))
    #expect(budget.isInBlock)
    budget.count(Wire.frame(9, stream: 1, [1]))
    #expect(budget.isInBlock)
    budget.count(Array(Wire.frame(9, flags: 4, stream: 1, [1]).dropLast()))
    #expect(budget.isInBlock)
    budget.count([1])
    #expect(!budget.isInBlock)
  }
}

extension FrameBudget {
  fileprivate mutating func count(_ bytes: [UInt8]) { count(bytes.span) }
}
