import GRPCCore
import GRPCNIOTransportHTTP2Posix
import PeerMessages
import PeerSupport
import Synchronization

import struct Foundation.Data
import class Foundation.JSONEncoder

/// Calls per second, latency and bytes per second against a server of `echo.v1.Echo`.
struct EchoBenchmark: Sendable {
  private static let payloadBytes = 100
  private static let messageBytes = 64 * 1024

  private let flags: Flags
  /// Calls, or messages of streams.
  private let calls: Int
  /// How many of them at a time.
  private let inFlight: Int
  private let connections: Int

  init(_ flags: Flags) {
    self.flags = flags
    inFlight = max(1, flags.number("in-flight", 1))
    calls = max(inFlight, flags.number("calls", 10_000))
    connections = max(1, flags.number("connections", 1))
  }

  /// Unary echo of 100 bytes.
  ///
  /// - Returns: One line of JSON.
  /// - Throws: If a call fails.
  func unary() async throws -> String {
    try await withConnections(flags, count: connections) { clients in
      _ = try await latencies(clients, calls: min(calls / 10 + inFlight, 10_000))
      let start = ContinuousClock.now
      let latencies = try await latencies(clients, calls: calls).sorted()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let percentile = { (percent: Int) in
        latencies[(latencies.count - 1) * percent / 100] / .microseconds(1)
      }
      return try Self.json([
        "calls": Double(latencies.count),
        "in_flight": Double(inFlight),
        "connections": Double(connections),
        "failures": 0,
        "seconds": seconds,
        "calls_per_second": Double(latencies.count) / seconds,
        "mean_us": latencies.reduce(.zero, +) / .microseconds(1) / Double(latencies.count),
        "p50_us": percentile(50),
        "p99_us": percentile(99),
      ])
    }
  }

  /// Makes so many calls, and tells how long each took.
  private func latencies(_ clients: [Client], calls: Int) async throws -> [Duration] {
    let started = Counter()
    return try await withThrowingTaskGroup(of: [Duration].self) { group in
      for caller in 0..<inFlight {
        let echo = Echo_V1_Echo.Client(wrapping: clients[caller % clients.count])
        group.addTask {
          var message = Echo_V1_EchoMessage()
          message.payload = Data(count: Self.payloadBytes)
          var latencies: [Duration] = []
          while started.next() < calls {
            let start = ContinuousClock.now
            let response = try await echo.unary(message)
            latencies.append(ContinuousClock.now - start)
            try check(response.payload.count == Self.payloadBytes, "a response of another size")
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// Messages of 64 KiB, of as many streams as are in flight.
  ///
  /// - Returns: One line of JSON.
  /// - Throws: If a stream fails.
  func stream() async throws -> String {
    try await withConnections(flags, count: connections) { clients in
      _ = try await download(clients, messages: max(1, calls / inFlight / 10))
      let start = ContinuousClock.now
      let bytes = try await download(clients, messages: calls / inFlight)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let messages = Double(bytes / Self.messageBytes)
      return try Self.json([
        "messages": messages,
        "in_flight": Double(inFlight),
        "connections": Double(connections),
        "failures": 0,
        "seconds": seconds,
        "messages_per_second": messages / seconds,
        "bytes_per_second": Double(bytes) / seconds,
      ])
    }
  }

  /// Reads so many messages on each stream; returns the bytes of all.
  private func download(_ clients: [Client], messages: Int) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for reader in 0..<inFlight {
        let echo = Echo_V1_Echo.Client(wrapping: clients[reader % clients.count])
        group.addTask {
          var request = Echo_V1_DownloadRequest()
          request.count = Int32(messages)
          request.size = Int32(Self.messageBytes)
          return try await echo.download(request) { response in
            var bytes = 0
            for try await message in response.messages { bytes += message.payload.count }
            try check(bytes == messages * Self.messageBytes, "a stream of another length")
            return bytes
          }
        }
      }
      return try await group.reduce(0, +)
    }
  }

  private static func json(_ figures: [String: Double]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(figures), as: UTF8.self)
  }
}

/// Numbers calls that several tasks make.
private final class Counter: Sendable {
  private let value = Atomic(0)

  func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
