/// The three answers of ETSI EN 319 102-1, §5.1.3.
package enum Verdict: String, Sendable {
  case passed = "TOTAL_PASSED"
  case failed = "TOTAL_FAILED"
  /// Neither proven nor disproven with what is at hand.
  case indeterminate = "INDETERMINATE"
}

/// Why a verdict is what it is.
package struct Reason: Sendable, Equatable {
  /// Stable, UPPER_SNAKE; the sub-indications of ETSI EN 319 102-1, §5.1.3, where one fits.
  package let code: String
  /// For a reader, in English.
  package let text: String

  package init(_ code: String, _ text: String) {
    self.code = code
    self.text = text
  }
}

/// What a trust store says of a certificate at a time.
package struct ChainVerdict: Sendable, Equatable {
  package let verdict: Verdict
  /// Empty when the chain is good and its revocation was looked at.
  package let reasons: [Reason]
}
