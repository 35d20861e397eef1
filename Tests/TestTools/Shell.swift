import Foundation

/// Runs other programs.
package enum Shell {
  /// What a program, found by `env`, says on both outputs, and its exit status; 127 if there is
  /// none.
  package static func run(
    _ command: [String],
    input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stdout
    try process.run()
    // Beside the reading, since a program may speak before it has read everything.
    Thread.detachNewThread {
      try? stdin.fileHandleForWriting.write(contentsOf: Data(input))
      try? stdin.fileHandleForWriting.close()
    }
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// The same on a thread of its own, for tests whose server needs the threads of Swift meanwhile.
  package static func runAside(_ command: [String]) async throws -> (status: Int32, output: String)
  {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try run(command) }) }
    }
  }

  /// The Python that has the packages of `deploy/requirements.txt`.
  ///
  /// - Throws: what to do if there is none; a test must not pass for want of it.
  package static var python: String {
    get throws {
      guard let path = ProcessInfo.processInfo.environment["HOCBA_PYTHON"] else {
        throw TestFailure(
          "set HOCBA_PYTHON to a Python with what deploy/requirements.txt lists (make test does)"
        )
      }
      return path
    }
  }
}
