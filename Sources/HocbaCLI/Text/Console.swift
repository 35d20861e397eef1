import Foundation

/// Where texts for people go: results to standard output, everything else to standard error.
enum Console {
  /// Whether somebody is watching standard error.
  static let isWatched = isatty(STDERR_FILENO) == 1

  /// Writes a line; the process ends where nobody reads on (`hocba results | head`).
  static func out(_ line: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    } catch {
      // Silently, as programs do that a closed pipe ends; a full disk is to be told.
      let cause = (error as? CocoaError)?.underlying.map { $0 as NSError }
      if cause?.code != Int(EPIPE) {
        note(words("hocba: Không ghi được kết quả.", "hocba: Cannot write the output."))
      }
      exit(1)
    }
  }

  static func note(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  /// A line that the next one overwrites; nothing where nobody is watching.
  static func progress(_ line: String) {
    guard isWatched else { return }
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(line)".utf8))
  }

  /// Takes the line of `progress` away.
  static func endProgress() { progress("") }

  /// Reads a line without showing it.
  static func secret(_ prompt: String) throws -> String {
    try? FileHandle.standardError.write(contentsOf: Data(prompt.utf8))
    try? terminal("-echo")
    defer {
      try? terminal("echo")
      note("")
    }
    guard let line = readLine(strippingNewline: true), !line.isEmpty else {
      throw Failure(words("Chưa nhập mật khẩu.", "No password was given."))
    }
    return line
  }

  /// Changes the terminal that standard input is; fails where it is none.
  private static func terminal(_ mode: String) throws {
    let stty = Process()
    stty.executableURL = URL(filePath: "/bin/stty")
    stty.arguments = [mode]
    stty.standardError = FileHandle.nullDevice
    try stty.run()
    stty.waitUntilExit()
  }
}
