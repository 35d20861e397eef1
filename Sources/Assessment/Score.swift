/// A score on the scale of ten, or an average of such scores, in whole tenths.
package struct Score: Sendable, Hashable, Comparable {
  /// The score in tenths, 0 to 100.
  package let tenths: Int

  /// Makes a score of tenths; `nil` outside 0 to 100.
  package init?(tenths: Int) {
    guard (0...100).contains(tenths) else { return nil }
    self.tenths = tenths
  }

  /// The score in tenths that a weighted sum of scores comes to, halves rounded up.
  /// - Parameters:
  ///   - sum: The sum in tenths, at most 100 for each unit of weight.
  ///   - weight: The sum of the weights, at least 1.
  init(roundingTenths sum: Int, over weight: Int) {
    tenths = (2 * sum + weight) / (2 * weight)
  }

  private init(known tenths: Int) { self.tenths = tenths }

  /// 0, which a test that was missed without reason counts.
  package static let zero = Score(known: 0)
  /// 10, the best.
  package static let ten = Score(known: 100)

  /// The score with its one decimal, for example `8.3`.
  package var text: String { "\(tenths / 10).\(tenths % 10)" }

  /// The score as Vietnamese print has it, for example `8,3`.
  package var vietnameseText: String { "\(tenths / 10),\(tenths % 10)" }

  /// Orders scores from low to high.
  package static func < (left: Score, right: Score) -> Bool { left.tenths < right.tenths }
}

extension Score {
  /// Makes a score that a rule names; the rule's own numbers lie on the scale.
  static func of(_ whole: Int, _ tenth: Int = 0) -> Score { Score(known: whole * 10 + tenth) }
}
