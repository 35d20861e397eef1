extension Circular22 {
  /// Circular 22/2021, article 7: periodic assessment (*đánh giá định kì*), one mid-term (*ĐĐGgk*)
  /// and one end-of-term (*ĐĐGck*) mark a subject and term.
  package enum Article07 {
    /// What a periodic score counts (clauses 4 and 5).
    ///
    /// Who missed the test for a reason beyond control makes it up in the same term; who missed it
    /// without such a reason, or did not come to the make-up, gets 0.
    /// - Returns: `nil` while the mark is not entered or its make-up is pending.
    package static func counted(_ entry: MarkEntry<Score>) -> Score? {
      entry.counted(lowest: .zero)
    }

    /// What a periodic assessment by comments counts (clauses 4 and 5): *Chưa đạt* when it was
    /// missed without reason.
    /// - Returns: `nil` while it is not entered or its make-up is pending.
    package static func counted(_ entry: MarkEntry<CommentLevel>) -> CommentLevel? {
      entry.counted(lowest: .notPassed)
    }
  }
}
