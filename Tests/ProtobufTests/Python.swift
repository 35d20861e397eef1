import Foundation
import Testing

/// Google's implementation of protobuf, in a process of its own.
enum Python {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  /// Runs `interop.py`.
  ///
  /// - Parameters:
  ///   - arguments: what follows the folder of `.proto` files.
  ///   - input: the lines of its standard input.
  /// - Returns: the lines that it prints.
  /// - Throws: whatever hinders it.
  static func run(_ arguments: String..., input: [String] = []) throws -> [String] {
    let interpreter = try #require(
      ProcessInfo.processInfo.environment["HOCBA_PYTHON"],
      "HOCBA_PYTHON must name a Python interpreter with protobuf and grpcio-tools installed"
    )
    let inputFile = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(input.map { $0 + "\n" }.joined().utf8).write(to: inputFile)
    defer { try? FileManager.default.removeItem(at: inputFile) }

    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: interpreter)
    process.arguments =
      [folder.appending(path: "interop.py").path, folder.appending(path: "proto").path]
      + arguments
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "interop.py \(arguments) failed")
    return String(decoding: text, as: UTF8.self).split(
      separator: "\n",
      omittingEmptySubsequences: false
    ).dropLast().map(String.init)
  }
}

extension [UInt8] {
  /// Reads bytes written in hexadecimal, blanks between them allowed.
  init(hex: String) {
    let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
    self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// The bytes in hexadecimal.
  var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
