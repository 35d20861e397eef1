import Logging
import Synchronization
import Testing

/// A log that is kept.
final class CapturedLog: Sendable {
  private let lines = Mutex<[(message: String, metadata: [String: String])]>([])

  private struct Handler: LogHandler {
    let log: CapturedLog
    var logLevel = Logger.Level.trace
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let metadata = (event.metadata ?? [:]).mapValues { "\($0)" }
      log.lines.withLock { $0.append(("\(event.message)", metadata)) }
    }
  }

  var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  /// The metadata of the lines that give this reason.
  func lines(reason: String) -> [[String: String]] {
    lines.withLock { $0.map(\.metadata).filter { $0["reason"] == reason } }
  }

  /// Waits for a line that has all of `parts` in what it tells.
  func expect(_ parts: String...) async throws {
    for _ in 0..<1_000 {
      let texts = lines.withLock { $0.map { "\($0.message) \($0.metadata)" } }
      if texts.contains(where: { text in parts.allSatisfy { text.contains($0) } }) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("not logged: \(parts), but \(lines.withLock { $0 })")
  }

  /// Waits for a line with this reason.
  func expect(reason: String) async throws {
    for _ in 0..<6_000 {
      if !lines(reason: reason).isEmpty { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("not logged: \(reason), but \(lines.withLock { $0.map(\.metadata) })")
  }
}
