extension Circular22 {
  /// Circular 22/2021, article 13: training in the summer holidays (*rèn luyện trong kì nghỉ hè*).
  package enum Article13 {
    /// Tells whether training is due: the year's conduct is *Chưa đạt*.
    package static func isDue(conduct: ConductLevel) -> Bool { conduct == .notPassed }

    /// The conduct that counts for promotion: where training was due, the level that the principal
    /// decided after it.
    package static func conduct(_ conduct: ConductLevel, trained: ConductLevel?) -> ConductLevel {
      isDue(conduct: conduct) ? trained ?? conduct : conduct
    }
  }
}
