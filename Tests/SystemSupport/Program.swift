import Dispatch
package import Foundation
import TestTools

/// How a program ended, and what it said.
package struct Outcome: Sendable {
  /// Exit status; 128 and the signal of a program that one has ended.
  package let status: Int32
  /// Standard output.
  package let output: String
  /// Standard error.
  package let errors: String
}

/// A program that runs beside the test.
///
/// `Process` of Foundation is not used: it takes a program for running while anything that the
/// program has started still runs, and our scripts start services.
package final class Program: Sendable {
  /// Process id.
  package let id: Int32
  private let files: [URL]

  /// Starts a program.
  ///
  /// Its output goes to files, so that it never waits for a reader.
  package init(
    _ path: String,
    _ arguments: [String],
    environment: [String: String] = [:]
  ) throws {
    let base = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    files = [base.appendingPathExtension("out"), base.appendingPathExtension("err")]
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    id = try Self.spawn(
      [path] + arguments,
      all.map { "\($0.key)=\($0.value)" },
      output: files.map(\.plainPath)
    )
  }

  /// Waits for the end.
  package func outcome() async -> Outcome {
    let id = id
    let status = await withCheckedContinuation { continuation in
      // Blocks a thread of its own, as waiting for a process does.
      Thread.detachNewThread {
        var status: Int32 = 0
        while unsafe waitpid(id, &status, 0) == -1, errno == EINTR {}
        continuation.resume(returning: status)
      }
    }
    let texts = files.map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }
    for file in files { try? FileManager.default.removeItem(at: file) }
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
      output: texts[0],
      errors: texts[1]
    )
  }

  /// Runs a program to its end.
  package static func run(
    _ path: String,
    _ arguments: [String],
    environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await Program(path, arguments, environment: environment).outcome()
  }

  private static func spawn(
    _ arguments: [String],
    _ environment: [String],
    output: [String]
  ) throws -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (number, file) in output.enumerated() {
      let create = O_WRONLY | O_CREAT | O_TRUNC
      unsafe posix_spawn_file_actions_addopen(&actions, Int32(number + 1), file, create, 0o600)
    }
    let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    let settings = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + settings).forEach { unsafe free($0) } }
    var id: Int32 = 0
    let failure = unsafe posix_spawn(&id, arguments[0], &actions, nil, words, settings)
    guard failure == 0 else { throw TestFailure("\(arguments[0]): error \(failure)") }
    return id
  }
}

extension URL {
  /// The path as programs take it.
  package var plainPath: String { path(percentEncoded: false) }
}
