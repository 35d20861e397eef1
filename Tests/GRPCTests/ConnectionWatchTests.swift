import Testing

@testable import GRPC

@Suite("What time does to a connection")
struct ConnectionWatchTests {
  private let begin = ContinuousClock.now

  private typealias Rules = ConnectionWatch.Rules
  private typealias Sight = ConnectionWatch.Sight

  private func watch(_ rules: ConnectionWatch.Rules) -> ConnectionWatch {
    var watch = ConnectionWatch(rules, at: begin)
    #expect(watch.look(Sight(), at: begin) == nil)
    return watch
  }

  private func at(_ seconds: Double) -> ContinuousClock.Instant { begin + .seconds(seconds) }

  @Test func `a quiet connection is pinged, and given up without an answer`() {
    let keepalive = Keepalive(time: .seconds(60), timeout: .seconds(5), withoutCalls: true)
    var watch = watch(Rules(keepalive: keepalive))
    #expect(watch.next(after: begin) == at(30))
    #expect(watch.look(Sight(reads: 1), at: at(30)) == nil)
    #expect(watch.look(Sight(reads: 1), at: at(60)) == nil)
    #expect(watch.next(after: at(60)) == at(90))
    #expect(watch.look(Sight(reads: 1), at: at(90)) == .ping)
    #expect(watch.next(after: at(90)) == at(95))
    #expect(watch.look(Sight(reads: 1), at: at(94)) == nil)
    #expect(watch.look(Sight(reads: 1), at: at(95)) == .expel(.deadPeer))
  }

  @Test func `anything that comes answers a ping`() {
    let keepalive = Keepalive(time: .seconds(60), timeout: .seconds(5), withoutCalls: true)
    var watch = watch(Rules(keepalive: keepalive))
    #expect(watch.look(Sight(), at: at(60)) == .ping)
    #expect(watch.look(Sight(reads: 1), at: at(65)) == nil)
    #expect(watch.look(Sight(reads: 1), at: at(124)) == nil)
    #expect(watch.look(Sight(reads: 1), at: at(125)) == .ping)
  }

  @Test func `without calls there is no ping unless it is wanted`() {
    var watch = watch(Rules(keepalive: Keepalive(time: .seconds(60))))
    #expect(watch.look(Sight(), at: at(1000)) == nil)
    #expect(watch.look(Sight(openStreams: 1), at: at(1001)) == nil)
    #expect(watch.look(Sight(openStreams: 1), at: at(1061)) == .ping)
  }

  @Test func `who does not finish the handshake is expelled`() {
    var watch = watch(Rules(handshakeTime: .seconds(20)))
    #expect(watch.look(Sight(reads: 5), at: at(19)) == nil)
    #expect(watch.next(after: at(19)) == at(20))
    #expect(watch.look(Sight(reads: 9), at: at(20)) == .expel(.noHandshake))
  }

  @Test func `a header block that does not end is expelled, one that did is not`() {
    var watch = watch(Rules(handshakeTime: .seconds(20)))
    func sight(_ block: Int) -> ConnectionWatch.Sight {
      Sight(blocksBegun: block, isSettled: true, isInBlock: true)
    }
    #expect(watch.look(sight(1), at: at(30)) == nil)
    #expect(watch.look(sight(2), at: at(50)) == nil)
    #expect(watch.look(sight(2), at: at(69)) == nil)
    #expect(watch.look(sight(2), at: at(70)) == .expel(.slowHeaders))
  }

  @Test func `a full channel that takes nothing is expelled`() {
    var watch = watch(Rules(stallTime: .seconds(100)))
    #expect(watch.look(Sight(writes: 1, isFull: true), at: at(50)) == nil)
    #expect(watch.look(Sight(writes: 2, isFull: true), at: at(149)) == nil)
    #expect(watch.look(Sight(writes: 2, isFull: false), at: at(200)) == nil)
    #expect(watch.look(Sight(writes: 2, isFull: true), at: at(201)) == nil)
    #expect(watch.look(Sight(writes: 2, isFull: true), at: at(301)) == .expel(.unreadConnection))
  }

  @Test func `age drains, and its grace aborts`() {
    var watch = watch(Rules(maxAge: .seconds(10), maxAgeGrace: .seconds(5)))
    #expect(watch.next(after: begin) == at(10))
    #expect(watch.look(Sight(), at: at(10)) == .drain)
    #expect(watch.look(Sight(), at: at(11)) == nil)
    #expect(watch.next(after: at(11)) == at(15))
    #expect(watch.look(Sight(), at: at(15)) == .abort)
    #expect(watch.look(Sight(), at: at(16)) == nil)
    #expect(watch.next(after: at(16)) == nil)
  }

  @Test func `idleness drains, and calls end it`() {
    var watch = watch(Rules(maxIdle: .seconds(10)))
    #expect(watch.look(Sight(streamsBegun: 1), at: at(9)) == nil)
    #expect(watch.look(Sight(streamsBegun: 2, openStreams: 1), at: at(30)) == nil)
    #expect(watch.look(Sight(streamsBegun: 2), at: at(31)) == nil)
    #expect(watch.next(after: at(38)) == at(41))
    #expect(watch.look(Sight(streamsBegun: 2), at: at(41)) == .drain)
  }

  @Test func `ages differ by a tenth at most`() {
    var limits = ConnectionLimits()
    limits.maxAge = .seconds(1000)
    let ages = (0..<200).compactMap { _ in limits.rules.maxAge }
    #expect(ages.count == 200)
    #expect(ages.allSatisfy { $0 >= .seconds(900) && $0 <= .seconds(1100) })
    #expect(Set(ages).count > 100)
  }

  @Test func `pings that come too soon are one too many after two strikes`() {
    var pings = PingStrikes(ConnectionLimits())
    func ping(_ seconds: Double, hasSent: Bool = false) -> Bool {
      pings.receivePing(hasSent: hasSent, hasCalls: true, at: at(seconds))
    }
    #expect(!ping(0))
    #expect(!ping(300))
    #expect(!ping(301))
    #expect(!ping(302))
    #expect(!ping(303, hasSent: true))
    #expect(!ping(304))
    #expect(!ping(305))
    #expect(ping(306))
  }

  @Test(arguments: [false, true])
  func `without calls pings are two hours apart unless permitted`(isPermitted: Bool) {
    var limits = ConnectionLimits()
    limits.permitsPingsWithoutCalls = isPermitted
    limits.maxPingStrikes = 1
    var pings = PingStrikes(limits)
    let last = (0..<3).map {
      pings.receivePing(hasSent: false, hasCalls: false, at: at(Double(3600 * $0)))
    }
    #expect(last == [false, false, !isPermitted])
  }

  @Test func `the log takes ten lines of a kind a minute, and tells what it left out`() {
    var budget = LogBudget()
    let first = (0..<100).map { _ in budget.admit(.rapidReset, at: begin) }
    #expect(first.compactMap { $0 } == [Int](repeating: 0, count: 10))
    #expect(budget.admit(.pingFlood, at: begin) == 0)
    #expect(budget.admit(.rapidReset, at: at(60)) == 90)
  }
}
