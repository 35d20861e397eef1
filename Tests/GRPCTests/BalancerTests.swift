import NIOCore
import Testing

@testable import GRPC

/// A balancer whose clock stands still until it is moved, and which meets no chance.
private struct Bench {
  var balancer: Balancer
  var now = ContinuousClock.now
  let addresses: [SocketAddress]

  init(
    _ policy: ServiceConfig.LoadBalancing,
    _ count: Int,
    checksHealth: Bool = false
  ) throws {
    var settings = Balancer.Settings()
    settings.policy = policy
    settings.checksHealth = checksHealth
    settings.random = { 0 }
    balancer = Balancer(settings)
    addresses = try (0..<count).map { try SocketAddress(ipAddress: "10.0.0.\($0)", port: 1) }
  }

  mutating func resolved() -> [Balancer.Action] {
    _ = balancer.request(now: now)
    return balancer.update(addresses, now: now)
  }

  mutating func pass(_ duration: Duration) -> [Balancer.Action] {
    now += duration
    return balancer.wake(now: now)
  }

  func connect(_ attempt: Int, _ index: Int, _ timeout: Int = 20) -> Balancer.Action {
    .connect(attempt: attempt, addresses[index], timeout: .seconds(timeout))
  }
}

private let refused = RPCError(.unavailable, "refused")

@Suite("Pick first")
struct PickFirstTests {
  @Test func `asks the resolver when a call comes, and not before`() throws {
    var bench = try Bench(.pickFirst, 2)
    #expect(bench.balancer.picker == .idle)
    #expect(bench.balancer.request(now: bench.now) == [.resolve])
    #expect(bench.balancer.picker == .wait)
    #expect(bench.balancer.connectivity == .connecting)
  }

  @Test func `tries one address after the other, and keeps the first that works`() throws {
    var bench = try Bench(.pickFirst, 3)
    #expect(bench.resolved() == [bench.connect(0, 0)])
    #expect(bench.balancer.ended(0, refused, now: bench.now) == [bench.connect(1, 1)])
    #expect(bench.balancer.connected(1, now: bench.now) == [])
    #expect(bench.balancer.picker == .ready([1]))
    #expect(bench.balancer.nextWake == nil)
  }

  @Test func `does not wait for an address that is slow, and drops the loser`() throws {
    var bench = try Bench(.pickFirst, 2)
    _ = bench.resolved()
    #expect(bench.balancer.nextWake == bench.now + .milliseconds(250))
    #expect(bench.pass(.milliseconds(249)) == [])
    #expect(bench.pass(.milliseconds(1)) == [bench.connect(1, 1)])
    #expect(bench.balancer.connected(1, now: bench.now) == [.close(attempt: 0)])
    // What was dropped may still come to be.
    #expect(bench.balancer.connected(0, now: bench.now) == [.close(attempt: 0)])
    #expect(bench.balancer.picker == .ready([1]))
  }

  @Test func `fails calls when all addresses have failed, and goes on by itself`() throws {
    var bench = try Bench(.pickFirst, 2)
    _ = bench.resolved()
    _ = bench.balancer.ended(0, refused, now: bench.now)
    #expect(bench.balancer.ended(1, refused, now: bench.now) == [.resolve])
    #expect(bench.balancer.picker == .fail(refused))
    #expect(bench.balancer.connectivity == .transientFailure)
    #expect(bench.balancer.nextWake == bench.now + .seconds(1))
    #expect(bench.pass(.seconds(1)) == [bench.connect(2, 0), bench.connect(3, 1)])
    // Calls fail until there is a connection.
    #expect(bench.balancer.picker == .fail(refused))
    #expect(bench.balancer.connected(3, now: bench.now) == [.close(attempt: 2)])
    #expect(bench.balancer.picker == .ready([3]))
  }

  @Test func `goes idle when its connection is lost, until the next call`() throws {
    var bench = try Bench(.pickFirst, 2)
    _ = bench.resolved()
    _ = bench.balancer.connected(0, now: bench.now)
    #expect(bench.balancer.ended(0, refused, now: bench.now) == [.resolve])
    #expect(bench.balancer.picker == .idle)
    #expect(bench.pass(.seconds(100)) == [])
    #expect(bench.balancer.request(now: bench.now) == [bench.connect(1, 0)])
    #expect(bench.balancer.picker == .wait)
  }

  @Test func `keeps its connection while the address stays, and leaves one that went`() throws {
    var bench = try Bench(.pickFirst, 3)
    _ = bench.resolved()
    _ = bench.balancer.connected(0, now: bench.now)
    let (first, others) = (bench.addresses[0], Array(bench.addresses[1...]))
    #expect(bench.balancer.update(others + [first], now: bench.now) == [])
    #expect(bench.balancer.picker == .ready([0]))
    let actions = bench.balancer.update(others, now: bench.now)
    #expect(actions == [.retire(attempt: 0), bench.connect(1, 1)])
    #expect(bench.balancer.picker == .wait)
  }

  @Test func `fails with the resolver's reason until there are addresses`() throws {
    var bench = try Bench(.pickFirst, 1)
    _ = bench.balancer.request(now: bench.now)
    _ = bench.balancer.resolutionFailed("no such name", now: bench.now)
    #expect(bench.balancer.picker == .fail(RPCError(.unavailable, "no such name")))
    #expect(bench.resolved() == [bench.connect(0, 0)])
    #expect(bench.balancer.picker == .wait)
    // What is known stays when the resolver fails later.
    _ = bench.balancer.connected(0, now: bench.now)
    #expect(bench.balancer.resolutionFailed("no such name", now: bench.now) == [])
    #expect(bench.balancer.update([], now: bench.now) == [])
    #expect(bench.balancer.picker == .ready([0]))
  }

  @Test func `does not ask for health`() throws {
    var bench = try Bench(.pickFirst, 1, checksHealth: true)
    _ = bench.resolved()
    #expect(bench.balancer.connected(0, now: bench.now) == [])
    #expect(bench.balancer.picker == .ready([0]))
  }

  @Test func `does nothing more when it is shut down`() throws {
    var bench = try Bench(.pickFirst, 1)
    _ = bench.resolved()
    bench.balancer.shutDown()
    #expect(bench.balancer.connectivity == .shutdown)
    #expect(bench.balancer.nextWake == nil)
    #expect(bench.balancer.request(now: bench.now) == [])
    #expect(bench.pass(.seconds(100)) == [])
  }
}

@Suite("Round robin")
struct RoundRobinTests {
  @Test func `connects to all addresses, each once, and takes those that are ready`() throws {
    var bench = try Bench(.roundRobin, 3)
    _ = bench.balancer.request(now: bench.now)
    let twice = bench.addresses + bench.addresses
    #expect(
      bench.balancer.update(twice, now: bench.now)
        == [bench.connect(0, 0), bench.connect(1, 1), bench.connect(2, 2)]
    )
    #expect(bench.balancer.picker == .wait)
    _ = bench.balancer.connected(2, now: bench.now)
    #expect(bench.balancer.picker == .ready([2]))
    _ = bench.balancer.connected(0, now: bench.now)
    #expect(bench.balancer.picker == .ready([0, 2]))
  }

  @Test func `fails calls when all have failed, until one works`() throws {
    var bench = try Bench(.roundRobin, 2)
    _ = bench.resolved()
    #expect(bench.balancer.ended(0, refused, now: bench.now) == [.resolve])
    #expect(bench.balancer.picker == .wait)
    _ = bench.balancer.ended(1, refused, now: bench.now)
    #expect(bench.balancer.picker == .fail(refused))
    #expect(bench.pass(.seconds(1)) == [bench.connect(2, 0), bench.connect(3, 1)])
    #expect(bench.balancer.picker == .fail(refused))
    _ = bench.balancer.connected(3, now: bench.now)
    #expect(bench.balancer.picker == .ready([3]))
  }

  @Test func `connects again at once to one that was lost after a while`() throws {
    var bench = try Bench(.roundRobin, 2)
    _ = bench.resolved()
    _ = bench.balancer.connected(0, now: bench.now)
    _ = bench.balancer.connected(1, now: bench.now)
    bench.now += .seconds(5)
    #expect(
      bench.balancer.ended(0, refused, now: bench.now) == [.resolve, bench.connect(2, 0)]
    )
    #expect(bench.balancer.picker == .ready([1]))
  }

  @Test func `pauses before one that takes connections and drops them, unless a call asks`() throws
  {
    var bench = try Bench(.roundRobin, 1)
    _ = bench.resolved()
    _ = bench.balancer.connected(0, now: bench.now)
    #expect(bench.balancer.ended(0, refused, now: bench.now) == [.resolve])
    #expect(bench.balancer.nextWake == bench.now + .seconds(1))
    #expect(bench.balancer.picker == .wait)
    #expect(bench.balancer.request(now: bench.now) == [bench.connect(1, 0)])
  }

  @Test func `leaves addresses that went and takes new ones`() throws {
    var bench = try Bench(.roundRobin, 3)
    _ = bench.balancer.request(now: bench.now)
    let (old, new) = (Array(bench.addresses[..<2]), Array(bench.addresses[1...]))
    _ = bench.balancer.update(old, now: bench.now)
    _ = bench.balancer.connected(0, now: bench.now)
    _ = bench.balancer.connected(1, now: bench.now)
    #expect(
      bench.balancer.update(new, now: bench.now) == [.retire(attempt: 0), bench.connect(2, 2)]
    )
    #expect(bench.balancer.picker == .ready([1]))
  }

  @Test func `takes only those that say that they serve`() throws {
    var bench = try Bench(.roundRobin, 2, checksHealth: true)
    _ = bench.resolved()
    #expect(bench.balancer.connected(0, now: bench.now) == [.watch(attempt: 0)])
    #expect(bench.balancer.picker == .wait)
    _ = bench.balancer.connected(1, now: bench.now)
    _ = bench.balancer.report(0, .serving, now: bench.now)
    #expect(bench.balancer.picker == .ready([0]))
    _ = bench.balancer.report(1, .serving, now: bench.now)
    #expect(bench.balancer.picker == .ready([0, 1]))
    _ = bench.balancer.report(0, .notServing, now: bench.now)
    #expect(bench.balancer.picker == .ready([1]))
    _ = bench.balancer.report(1, .notServing, now: bench.now)
    #expect(bench.balancer.connectivity == .transientFailure)
    _ = bench.balancer.report(1, .serving, now: bench.now)
    #expect(bench.balancer.picker == .ready([1]))
    // News of a connection that is gone is not news.
    _ = bench.balancer.report(7, .notServing, now: bench.now)
    #expect(bench.balancer.picker == .ready([1]))
  }

  @Test func `waits longer after each failure, and as at first after a success`() throws {
    var bench = try Bench(.roundRobin, 1)
    _ = bench.resolved()
    var attempt = 0
    for wait in [1_000, 1_600, 2_560, 4_096] {
      let began = bench.now
      _ = bench.balancer.ended(attempt, refused, now: bench.now)
      #expect(bench.balancer.nextWake == began + .milliseconds(wait))
      attempt += 1
      #expect(bench.pass(.milliseconds(wait)) == [bench.connect(attempt, 0)])
    }
    _ = bench.balancer.connected(attempt, now: bench.now)
    bench.now += .seconds(60)
    _ = bench.balancer.ended(attempt, refused, now: bench.now)
    _ = bench.balancer.ended(attempt + 1, refused, now: bench.now)
    #expect(bench.balancer.nextWake == bench.now + .seconds(1))
  }
}

@Suite("Backoff")
struct BackoffTests {
  @Test func `grows by its factor up to its limit`() {
    let backoff = Backoff()
    let waits = (0..<12).map { backoff.delay(after: $0, random: 0) }
    #expect(waits[0] == .seconds(1))
    #expect(waits[1] == .milliseconds(1_600))
    #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(waits[11] == .seconds(120))
    #expect(backoff.delay(after: .max, random: 0) == .seconds(120))
  }

  @Test func `is a fifth longer or shorter by chance`() {
    let backoff = Backoff()
    #expect(backoff.delay(after: 0, random: 1) == .milliseconds(1_200))
    #expect(backoff.delay(after: 0, random: -1) == .milliseconds(800))
    #expect(backoff.delay(after: 50, random: 1) == .seconds(144))
  }

  @Test func `of a factor below one grows shorter`() {
    let backoff = Backoff(initial: .seconds(4), multiplier: 0.5, jitter: 0)
    #expect(backoff.delay(after: 2, random: 1) == .seconds(1))
  }

  private func start(
    _ now: ContinuousClock.Instant,
    _ schedule: inout ResolutionSchedule
  ) -> Bool {
    schedule.start(now: now)
  }

  @Test func `rests between two questions to a resolver, and longer after failures`() {
    let now = ContinuousClock.now
    var schedule = ResolutionSchedule(interval: .seconds(30), backoff: Backoff(), random: { 0 })
    #expect(start(now, &schedule) == false)
    schedule.request()
    #expect(start(now, &schedule) == true)
    schedule.request()
    #expect(start(now, &schedule) == false)
    schedule.succeeded(now: now)
    #expect(start(now, &schedule) == false)
    #expect(schedule.nextWake == now + .seconds(30))
    #expect(start(now + .seconds(30), &schedule) == true)
    schedule.failed(now: now)
    #expect(schedule.nextWake == now + .seconds(1))
    #expect(start(now + .seconds(1), &schedule) == true)
    schedule.failed(now: now)
    #expect(schedule.nextWake == now + .milliseconds(1_600))
  }
}
