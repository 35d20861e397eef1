import Foundation
import SystemSupport
import TestTools

/// A server in a process of its own, which says in the first line of its output where it listens.
final class ServerProcess: Sendable {
  /// The port that it listens on.
  let port: Int

  private let process: Process
  /// Open as long as this is: a script ends when it is closed.
  private let input: Pipe

  /// Starts a program, and waits until it listens.
  ///
  /// - Throws: `TestFailure` if it ends without having said where.
  init(_ path: String, _ arguments: [String]) async throws {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    // Not that of the tests: whoever reads that would wait for this program too.
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = await ServerProcess.firstLine(of: output.fileHandleForReading)
    guard let port = Int(text.split(separator: ":").last ?? "") else {
      process.terminate()
      throw TestFailure("\(path) says '\(text)', which is no address")
    }
    (self.process, self.input, self.port) = (process, input, port)
  }

  // Not by SIGTERM: a program inherits which signals the thread that starts it does not take.
  deinit { kill(process.processIdentifier, SIGKILL) }

  /// Asks it to end, as an operator does.
  func terminate() { process.terminate() }

  /// Waits for its end.
  func status() async -> Int32 {
    await withCheckedContinuation { continuation in
      // Blocks a thread of its own, as waiting for a process does.
      Thread.detachNewThread {
        self.process.waitUntilExit()
        continuation.resume(returning: self.process.terminationStatus)
      }
    }
  }

  private static func firstLine(of output: FileHandle) async -> String {
    let parts = AsyncStream<Data> { continuation in
      output.readabilityHandler = { handle in
        let part = handle.availableData
        continuation.yield(part)
        if part.isEmpty || part.contains(10) { continuation.finish() }
      }
    }
    var text = ""
    for await part in parts { text += String(decoding: part, as: UTF8.self) }
    output.readabilityHandler = nil
    return String(text.prefix { $0 != "\n" })
  }
}

/// The programs that tests run.
enum Programs {
  /// One of this package, which is built beside the tests.
  static func own(_ name: String) -> String {
    Bundle.main.bundleURL.appending(path: name).plainPath
  }

  /// One that `Tests/Benchmarks/build.sh` builds.
  ///
  /// - Throws: What to do if there is none; a test must not pass for want of it.
  static func peer(_ name: String) throws -> String {
    let folder = ProcessInfo.processInfo.environment["HOCBA_PEERS"] ?? ""
    let path = "\(folder)/\(name)"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw TestFailure(
        "set HOCBA_PEERS to a folder where Tests/Benchmarks/build.sh put \(name) (make test does)"
      )
    }
    return path
  }
}
