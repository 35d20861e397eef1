import Testing

/// Small functions, small files, short lines.
@Suite("Sizes")
struct SizeTests {
  @Test func `a file has at most 500 lines and a line at most 100 columns`() throws {
    let files = try SourceTree.handWritten()
    #expect(files.count > 200)
    for file in files {
      // The last line ends too.
      #expect(file.lines.count <= 501, "\(file.path) has \(file.lines.count) lines")
      // What people read in texts is broken where they see it broken.
      for (number, line) in file.outsideTexts where !line.drop(while: { $0 == " " }).hasPrefix("\"")
      {
        #expect(line.count <= 100, "\(file.path):\(number) has \(line.count) columns")
      }
    }
  }

  @Test func `a function has at most 60 lines`() throws {
    var functions = 0
    for file in try SourceTree.handWritten() {
      for function in Self.functions(of: file) {
        functions += 1
        #expect(
          function.length <= 60,
          "\(file.path):\(function.start) has \(function.length) lines"
        )
      }
    }
    #expect(functions > 1_000)
  }

  /// Functions by indentation, which the formatter guarantees: from `func` or `init` to the first
  /// closing brace in the same column.
  static func functions(of file: SourceTree.File) -> [(start: Int, length: Int)] {
    let code = file.code
    return code.indices.compactMap { index in
      let (number, line) = code[index]
      let indent = line.prefix { $0 == " " }
      let words = line.split(separator: " ")
      guard !line.hasSuffix("}"),
        words.contains("func") || words.contains(where: { $0.hasPrefix("init(") })
      else {
        return nil
      }
      // A declaration without a body ends where the next one begins.
      let close = code[index...].first { entry in
        entry.line == indent + "}" || (entry.number > number && entry.line == indent + ") {")
      }
      guard let close else { return nil }
      if close.line == indent + "}" { return (number, close.number - number + 1) }
      let end = code[index...].first { $0.line == indent + "}" }
      return end.map { (number, $0.number - number + 1) }
    }
  }
}
