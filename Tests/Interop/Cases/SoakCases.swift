import GRPC
import Synchronization

/// How the soak cases are made; the defaults are gRPC's.
package struct SoakOptions: Sendable {
  /// How many calls.
  package var iterations = 10

  /// How many of them may fail or be too slow.
  package var maxFailures = 0

  /// How long one may take and still count as good.
  package var maxLatency = Duration.milliseconds(1_000)

  /// How long from the start of one call to that of the next, at least.
  package var minTimeBetweenCalls = Duration.zero

  /// How long all of them may take.
  package var overallTimeout = Duration.seconds(10)

  /// Tasks that share the calls among them.
  package var tasks = 1

  /// Size of the request's payload, in bytes.
  package var requestSize = LargeUnary.requestSize

  /// Size of the response's payload, in bytes.
  package var responseSize = LargeUnary.responseSize

  /// The usual numbers.
  package init() {}
}

extension InteropClient {
  /// `rpc_soak`.
  func rpcSoak() async throws {
    try await soak { try await $0(channel) }
  }

  /// `channel_soak`.
  func channelSoak() async throws {
    try await soak { call in
      let channel = makeChannel()
      do { try await call(channel) } catch {
        await channel.close()
        throw error
      }
      await channel.close()
    }
  }

  private typealias Call = @Sendable (GRPCClient) async throws -> Void

  /// - Parameter onChannel: Gives a call the channel to be made on.
  /// - Throws: `CaseFailure`.
  private func soak(
    _ onChannel: @escaping @Sendable (_ call: Call) async throws -> Void
  ) async throws {
    let outcome = SoakOutcome()
    let end = ContinuousClock.now + soak.overallTimeout
    let runner = Task {
      await withTaskGroup { group in
        for task in 0..<soak.tasks {
          group.addTask { await soak(task, until: end, outcome, onChannel) }
        }
      }
    }
    // A call that never ends is not waited for.
    let watch = Task {
      try await Task.sleep(until: end)
      runner.cancel()
    }
    await withTaskCancellationHandler {
      await runner.value
    } onCancel: {
      runner.cancel()
    }
    watch.cancel()
    try outcome.judge(soak)
  }

  /// One task's share of the calls.
  private func soak(
    _ task: Int,
    until end: ContinuousClock.Instant,
    _ outcome: SoakOutcome,
    _ onChannel: @Sendable (_ call: Call) async throws -> Void
  ) async {
    for iteration in stride(from: task, to: soak.iterations, by: soak.tasks) {
      let start = ContinuousClock.now
      guard start < end, !Task.isCancelled else { return }
      var failure: (any Error)?
      do { try await onChannel { try await soakCall($0) } } catch { failure = error }
      guard !Task.isCancelled else { return }
      let latency = ContinuousClock.now - start
      let isGood = outcome.record(latency, failure, limit: soak.maxLatency)
      note(
        "soak iteration: \(iteration) elapsed_ms: \(latency / .milliseconds(1)) "
          + (isGood ? "succeeded" : "failed: \(failure.map { "\($0)" } ?? "too slow")")
      )
      try? await Task.sleep(until: start + soak.minTimeBetweenCalls)
    }
  }

  private func soakCall(_ channel: GRPCClient) async throws {
    let request = GRPCTesting.SimpleRequest(
      responseSize: Int32(soak.responseSize),
      payload: GRPCTesting.Payload(body: zeros(soak.requestSize))
    )
    let service = GRPCTesting.TestServiceClient(channel)
    let response = try await service.unaryCall(request, options: options)
    try check(response.payload, hasZeros: soak.responseSize)
  }
}

/// How the calls of a soak case went.
private final class SoakOutcome: Sendable {
  private let counts = Mutex((done: 0, failed: 0, last: ""))

  /// Whether a call counts as good.
  func record(_ latency: Duration, _ failure: (any Error)?, limit: Duration) -> Bool {
    let problem = failure.map { "\($0)" } ?? (latency > limit ? "took \(latency)" : nil)
    counts.withLock { counts in
      counts.done += 1
      guard let problem else { return }
      counts.failed += 1
      counts.last = problem
    }
    return problem == nil
  }

  /// Fails the case if they did not go as they should.
  func judge(_ options: SoakOptions) throws {
    let counts = counts.withLock { $0 }
    guard counts.done == options.iterations else {
      throw CaseFailure(
        "\(counts.done) of \(options.iterations) calls ended within \(options.overallTimeout)"
      )
    }
    guard counts.failed <= options.maxFailures else {
      throw CaseFailure(
        "\(counts.failed) of \(counts.done) calls failed or were slow, the last: \(counts.last)"
      )
    }
  }
}
