/// What stands in one cell of a mark book: nothing, or why nothing stands there, or a value.
package enum MarkEntry<Value: Sendable & Hashable>: Sendable, Hashable {
  /// Nothing has been entered yet.
  case notEntered
  /// The test was missed for a good reason, and its make-up is yet to come.
  case pendingMakeUp
  /// The mark as it was given, 0 too.
  case entered(Value)
  /// A test was missed without reason: circular 22/2021, article 7, lets it count as the lowest.
  case absentWithoutReason
}

extension MarkEntry {
  /// What the entry counts, with what a test counts that was missed without reason.
  func counted(lowest: Value?) -> Value? {
    switch self {
    case .notEntered, .pendingMakeUp: nil
    case .entered(let value): value
    case .absentWithoutReason: lowest
    }
  }
}

/// The marks of a pupil in one subject and term of lower secondary school.
package struct TermMarks<Value: Sendable & Hashable>: Sendable, Hashable {
  /// The regular marks (*ĐĐGtx*), one entry for each that article 6 requires.
  package var regular: [MarkEntry<Value>]
  /// The mid-term mark (*ĐĐGgk*).
  package var midTerm: MarkEntry<Value>
  /// The end-of-term mark (*ĐĐGck*).
  package var endOfTerm: MarkEntry<Value>

  /// Puts the marks of a term together.
  package init(
    regular: [MarkEntry<Value>],
    midTerm: MarkEntry<Value>,
    endOfTerm: MarkEntry<Value>
  ) {
    self.regular = regular
    self.midTerm = midTerm
    self.endOfTerm = endOfTerm
  }
}
