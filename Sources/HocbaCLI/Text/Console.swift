import Foundation

/// Where texts for people go: results to standard output, everything else to standard error.
enum Console {
  /// Whether somebody is watching standard error.
  static let isWatched = isatty(STDERR_FILENO) == 1

  static func out(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  static func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// A line that the next one overwrites; nothing where nobody is watching.
  static func progress(_ line: String) {
    guard isWatched else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
  }

  /// Takes the line of `progress` away.
  static func endProgress() { progress("") }

  /// Reads a line without showing it.
  static func secret(_ prompt: String) throws -> String {
    FileHandle.standardError.write(Data(prompt.utf8))
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
