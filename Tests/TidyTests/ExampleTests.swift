import Foundation
import TestTools
import Testing

/// Examples in documentation are code that is compiled and run.
@Suite struct ExampleTests {
  private static func files(_ folder: String, _ suffixes: [String]) -> [URL] {
    let root = Repository.root.appending(path: folder)
    let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { suffixes.contains($0.pathExtension) }
  }

  /// Lines without what an indentation or a doc comment puts before them, and without empty ones.
  private static func lines(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\n").map { line in
      var line = line.drop { $0 == " " }
      if line.hasPrefix("///") { line = line.dropFirst(3).drop { $0 == " " } }
      return String(line)
    }
    .filter { !$0.isEmpty }
  }

  private static func examples(_ text: String) -> [[String]] {
    var examples: [[String]] = []
    var current: [String]?
    for line in lines(text) {
      if line == "```swift" {
        current = []
      } else if line == "```" {
        if let current { examples.append(current) }
        current = nil
      } else {
        current?.append(line)
      }
    }
    return examples
  }

  @Test func `every example of the GRPC module stands in a test`() throws {
    let tested = try Self.files("Tests/GRPCTests/Examples", ["swift"])
      .map { Self.lines(try String(contentsOf: $0, encoding: .utf8)).joined(separator: "\n") }
    var count = 0
    for file in Self.files("Sources/GRPC", ["swift", "md"]) {
      for example in Self.examples(try String(contentsOf: file, encoding: .utf8)) {
        count += 1
        let text = example.joined(separator: "\n")
        #expect(tested.contains { $0.contains(text) }, "\(file.lastPathComponent): \(text)")
      }
    }
    #expect(count >= 4)
  }
}
