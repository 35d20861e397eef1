extension Circular22 {
  /// Circular 22/2021, article 8: conduct (*kết quả rèn luyện*).
  package enum Article08 {
    /// The conduct of a year from that of its terms (clause 2).
    ///
    /// - *Tốt*: term II Tốt, term I Khá or better.
    /// - *Khá*: term II Khá, term I Đạt or better; or term II Đạt, term I Tốt; or term II Tốt,
    ///   term I Đạt or Chưa đạt.
    /// - *Đạt*: term II Đạt, term I Khá, Đạt or Chưa đạt; or term II Khá, term I Chưa đạt.
    /// - *Chưa đạt*: all else, which is whenever term II is Chưa đạt.
    package static func year(
      firstTerm: ConductLevel,
      secondTerm: ConductLevel
    ) -> Decision<ConductLevel> {
      let level: ConductLevel =
        switch (firstTerm, secondTerm) {
        case (.fair..., .good): .good
        case (.passed..., .fair), (.good, .passed), (_, .good): .fair
        case (_, .passed), (_, .fair): .passed
        case (_, .notPassed): .notPassed
        }
      return Decision(level, by: Citation(.circular22, article: 8, clause: 2))
    }
  }
}
