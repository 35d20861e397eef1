/// A value that people write by its Vietnamese name, in more than one spelling.
package protocol VietnameseNamed {
  /// The spellings by which the value is known, the one to print first; all in NFC.
  var names: [String] { get }
}

extension VietnameseNamed {
  /// The Vietnamese name as it is printed.
  package var name: String { names.first ?? "" }
}

extension VietnameseNamed where Self: CaseIterable {
  /// Finds the case that goes by a name, whatever its case, spacing, hyphens and apostrophes.
  /// - Parameter name: The name as someone typed it, in NFC.
  package init?(named name: String) {
    guard let match = Self.allCases.first(where: { $0.isNamed(name) }) else { return nil }
    self = match
  }
}

extension VietnameseNamed {
  /// Tells whether one of the names is this text when case, spacing, hyphens and apostrophes are
  /// left out of account.
  package func isNamed(_ text: String) -> Bool {
    let wanted = folded(text)
    return names.contains { folded($0) == wanted }
  }
}

/// The text in small letters, without white space, hyphens and apostrophes.
func folded(_ text: String) -> String {
  text.lowercased().filter { character in
    !character.isWhitespace && !"-‐‑–'’ʼ`".contains(character)
  }
}
