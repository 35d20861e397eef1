import Foundation
import TestTools
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
    let command = [
      try Shell.python, folder.appending(path: "interop.py").path,
      folder.appending(path: "proto").path,
    ]
    let lines = input.map { $0 + "\n" }.joined()
    let (status, output) = try Shell.run(command + arguments, input: Array(lines.utf8))
    try #require(status == 0, "interop.py \(arguments): \(output)")
    return output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
      String.init
    )
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
