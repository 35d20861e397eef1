/// A place in one of the two circulars, for the answer to the parent who asks why.
package struct Citation: Sendable, Hashable {
  /// The circular.
  package let circular: Circular
  /// The number of the article (*điều*).
  package let article: Int
  /// The number of the clause (*khoản*); `nil` for the whole article.
  package let clause: Int?

  init(_ circular: Circular, article: Int, clause: Int? = nil) {
    self.circular = circular
    self.article = article
    self.clause = clause
  }

  /// The place as Vietnamese law is cited, for example `khoản 2 Điều 9 Thông tư 22/2021/TT-BGDĐT`.
  package var text: String {
    let place = "Điều \(article) Thông tư \(circular.rawValue)"
    guard let clause else { return place }
    return "khoản \(clause) \(place)"
  }
}

/// What a rule came to, with the place in the law that decided.
package struct Decision<Outcome: Sendable & Hashable>: Sendable, Hashable {
  /// What was decided.
  package let outcome: Outcome
  /// The article and clause that decided.
  package let basis: Citation

  init(_ outcome: Outcome, by basis: Citation) {
    self.outcome = outcome
    self.basis = basis
  }
}
