import Foundation
import TestTools
import Testing

/// The house has floors, and an import only ever goes down (SwiftPM does not see to it reliably).
@Suite("Floors")
struct FloorTests {
  /// The rows of the table in CONTRIBUTING.md: their titles, such as `floor 3`, and their targets.
  private static let rows: [(title: String, targets: Set<String>)] = {
    let url = Repository.root.appending(path: "CONTRIBUTING.md")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    let known = (try? SourceTree.targets("Sources")) ?? []
    var title = ""
    return text.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      // A row without a title of its own goes on with the one before.
      if line.first != " " { title = words.prefix { !known.contains($0) }.joined(separator: " ") }
      return (title, known.intersection(words))
    }
  }()

  /// The targets of all rows with a title.
  static func row(_ title: String) -> Set<String> {
    rows.filter { $0.title == title }.reduce(into: []) { $0.formUnion($1.targets) }
  }

  /// The floor of each target.
  static let floors: [String: Int] = (0...6).reduce(into: [:]) { floors, number in
    for target in row("floor \(number)") { floors[target] = number }
  }
  /// The law and its documents depend on nothing that can fail, wait or crash.
  static let pure = row("pure")

  /// The modules that a file imports.
  static func imports(of file: SourceTree.File) -> [String] {
    file.code.compactMap { _, line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1,
        index == 0
          || ["package", "internal", "public", "private", "fileprivate", "@testable"]
            .contains(words[0])
      else { return nil }
      return words[index + 1].split(separator: ".").first.map(String.init)
    }
  }

  @Test func `every target has a floor`() throws {
    let targets = try SourceTree.targets("Sources")
    #expect(targets.count > 10)
    #expect(targets == Set(Self.floors.keys))
  }

  @Test func `an import goes to a lower floor`() throws {
    var seen = 0
    for file in try SourceTree.sources() {
      let own = try #require(Self.floors[file.target], "\(file.path)")
      for imported in Self.imports(of: file) {
        guard let floor = Self.floors[imported] else { continue }
        seen += 1
        #expect(floor < own, "\(file.path) imports \(imported)")
      }
    }
    #expect(seen > 20)
  }

  @Test func `pure targets import only pure targets`() throws {
    let files = try SourceTree.sources().filter { Self.pure.contains($0.target) }
    #expect(files.count > 10)
    for file in files {
      for imported in Self.imports(of: file) {
        #expect(Self.pure.contains(imported), "\(file.path) imports \(imported)")
      }
    }
  }
}
