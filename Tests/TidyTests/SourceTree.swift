import Foundation
import TestTools

/// The package's own files, as the tidy tests read them.
enum SourceTree {
  /// One text file of the package.
  struct File {
    /// Path from the root of the package, such as `Sources/Records/Main.swift`.
    let path: String
    let text: String
    let lines: [Substring]

    /// Name of the target that the file belongs to: the folder below `Sources` or `Tests`.
    var target: String {
      path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    }
    var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// The lines that hold code: without comments and texts over several lines.
    var code: [(number: Int, line: Substring)] {
      outsideTexts.filter { !$0.line.drop { $0 == " " }.hasPrefix("//") }
    }

    /// The lines that are not part of a text over several lines.
    var outsideTexts: [(number: Int, line: Substring)] {
      var inText = false
      return lines.enumerated().compactMap { index, line in
        let quotes = line.components(separatedBy: "\"\"\"").count - 1
        defer { if quotes % 2 == 1 { inText.toggle() } }
        return inText ? nil : (index + 1, line)
      }
    }
  }

  /// All files below a folder whose names end so, but for what a build left there.
  static func files(_ folder: String, ending: String) throws -> [File] {
    let base = Repository.root.appending(path: folder)
    let walker = FileManager.default.enumerator(atPath: base.path(percentEncoded: false))
    return try (walker?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(ending) && !$0.contains(".build/") }.sorted()
      .map { relative in
        let text = try String(contentsOf: base.appending(path: relative), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return File(path: "\(folder)/\(relative)", text: text, lines: lines)
      }
  }

  /// The targets: folders right below a folder.
  static func targets(_ folder: String) throws -> Set<String> {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: folder).path(percentEncoded: false)
    )
    return Set(names.filter { !$0.hasPrefix(".") })
  }

  /// Hand-written Swift of the products.
  static func sources() throws -> [File] {
    try files("Sources", ending: ".swift").filter { file in
      !file.path.hasPrefix("Sources/API/") || file.path.hasPrefix("Sources/API/Support/")
    }
  }

  /// Hand-written Swift, tests too.
  static func handWritten() throws -> [File] {
    try sources()
      + files("Tests", ending: ".swift").filter { !$0.path.contains("/Generated/") }
  }
}
