/// Command line flags: `--name=value`, `--name value…` and `--name`, in any order.
package struct Flags: Sendable {
  private var values: [String: [String]] = [:]

  package init(_ arguments: some Sequence<String>) {
    var name = ""
    for word in arguments {
      guard word.hasPrefix("--") else {
        values[name, default: []].append(word)
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
      name = parts.first ?? ""
      values[name, default: []] += parts.dropFirst()
    }
  }

  /// Whether the flag was given, with a value or without.
  package func has(_ name: String) -> Bool { values[name] != nil }

  /// The values of a flag, in their order.
  package func texts(_ name: String) -> [String] { values[name] ?? [] }

  /// The first value of a flag; `fallback` where there is none.
  package func text(_ name: String, _ fallback: String) -> String {
    texts(name).first ?? fallback
  }

  /// The number that a flag gives; `fallback` where there is none.
  package func number(_ name: String, _ fallback: Int) -> Int {
    texts(name).first.flatMap { Int($0) } ?? fallback
  }
}
