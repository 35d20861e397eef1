/// Text of a program, as it is written.
struct Source {
  private(set) var text: String
  private var depth = 0

  /// Begins a file with `lines`.
  init(_ lines: String...) {
    text = lines.map { $0 + "\n" }.joined()
  }

  /// Writes lines.
  mutating func line(_ lines: String...) {
    for line in lines {
      text += line.isEmpty ? "\n" : String(repeating: "  ", count: depth) + line + "\n"
    }
  }

  /// Writes a comment of a `.proto` as a doc comment.
  mutating func comment(_ comment: String) {
    guard !comment.isEmpty else { return }
    for line in comment.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = line.last?.isWhitespace == true ? String(line.dropLast()) : String(line)
      self.line(line.isEmpty ? "///" : line.first == " " ? "///" + line : "/// " + line)
    }
    // A comment ends with a line break, and that with an empty line.
    if comment.hasSuffix("\n") { text.removeLast(String(repeating: "  ", count: depth).count + 4) }
  }

  /// Writes `head {`, what `body` writes, indented, and `}`.
  mutating func block<E: Error>(
    _ head: String,
    _ body: (inout Source) throws(E) -> Void
  ) throws(E) {
    line(head + " {")
    depth += 1
    try body(&self)
    depth -= 1
    line("}")
  }
}
