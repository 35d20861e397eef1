import GRPC
import Interop
import Synchronization

/// Calls that are made one after the other by each of several callers, until enough are made.
struct Load: Sendable {
  let clients: [EchoV1.EchoClient]
  let inFlight: Int
  let payload: [UInt8]

  /// What one caller has seen.
  struct Outcome: Sendable {
    /// How long each call took that ended well, in nanoseconds.
    var nanoseconds: [Int64] = []
    /// Messages of streams.
    var messages = 0
    /// Calls that did not end well, by what was wrong.
    var errors: [String: Int] = [:]

    mutating func add(_ other: Outcome) {
      nanoseconds += other.nanoseconds
      messages += other.messages
      errors.merge(other.errors, uniquingKeysWith: +)
    }
  }

  /// What is left to be done, by number or by time.
  final class Left: Sendable {
    private let calls: Atomic<Int>
    private let end: ContinuousClock.Instant?

    init(calls: Int, end: ContinuousClock.Instant? = nil) {
      self.calls = Atomic(calls)
      self.end = end
    }

    /// Whether there is one more to be made.
    func take() -> Bool {
      if let end { return ContinuousClock.now < end }
      return calls.subtract(1, ordering: .relaxed).oldValue > 0
    }
  }

  /// One call on each connection, so that all are open.
  func connect() async -> Outcome {
    await callers { _, caller in
      var outcome = Outcome()
      for index in stride(from: caller, to: clients.count, by: inFlight) {
        do {
          _ = try await clients[index].unary(EchoV1.EchoMessage())
        } catch {
          outcome.errors[Load.name(error), default: 0] += 1
        }
      }
      return outcome
    }
  }

  /// Unary calls, each checked: its status, and that it gives back what was sent.
  func calls(_ left: Left) async -> Outcome {
    await callers { client, caller in
      var outcome = Outcome()
      var request = EchoV1.EchoMessage(message: "load", payload: payload)
      while left.take() {
        request.id = Int64(outcome.nanoseconds.count * inFlight + caller)
        let start = ContinuousClock.now
        do {
          let response = try await client.unary(request)
          if response == request {
            outcome.nanoseconds.append((ContinuousClock.now - start).nanoseconds)
          } else {
            outcome.errors["another message came back", default: 0] += 1
          }
        } catch {
          outcome.errors[Load.name(error), default: 0] += 1
        }
      }
      return outcome
    }
  }

  /// One stream a caller, of `count` messages together; each message is checked.
  func downloads(_ count: Int) async -> Outcome {
    await callers { client, _ in
      var outcome = Outcome()
      let request = EchoV1.DownloadRequest(
        count: Int32(clamping: count / inFlight),
        size: Int32(payload.count)
      )
      do {
        for try await message in client.download(request) {
          guard message.id == outcome.messages, message.payload.count == payload.count else {
            outcome.errors["another message came", default: 0] += 1
            break
          }
          outcome.messages += 1
        }
        if outcome.messages != request.count { outcome.errors["messages are missing"] = 1 }
      } catch {
        outcome.errors[Load.name(error), default: 0] += 1
      }
      return outcome
    }
  }

  private func callers(
    _ body: @escaping @Sendable (EchoV1.EchoClient, Int) async -> Outcome
  ) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      for caller in 0..<inFlight {
        let client = clients[caller % clients.count]
        group.addTask { await body(client, caller) }
      }
      var all = Outcome()
      for await outcome in group { all.add(outcome) }
      return all
    }
  }

  private static func name(_ error: any Error) -> String {
    (error as? RPCError)?.description ?? String(reflecting: error)
  }
}

extension Duration {
  fileprivate var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
