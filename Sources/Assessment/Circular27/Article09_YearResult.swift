extension Circular27 {
  /// Circular 27/2020, article 9: the result of the year (*kết quả giáo dục*).
  package enum Article09 {
    /// The result of the year (clause 2).
    ///
    /// - *Hoàn thành xuất sắc*: every subject T, every quality and competency T, every test 9 or
    ///   more.
    /// - *Hoàn thành tốt*: not that; every subject T, every quality and competency T, every test 7
    ///   or more.
    /// - *Hoàn thành*: not those; every subject T or H, every quality and competency T or Đ, every
    ///   test 5 or more.
    /// - *Chưa hoàn thành*: all else.
    ///
    /// Nothing makes up for a single subject here, unlike in circular 22/2021.
    /// - Parameters:
    ///   - subjects: The levels of all subjects and activities at the end of the year.
    ///   - traits: The levels of all qualities and competencies at the end of the year.
    ///   - tests: The recorded marks of the tests at the end of the year, and of those only.
    /// - Returns: The highest of the results whose conditions hold.
    package static func result(
      subjects: [SubjectLevel],
      traits: [TraitLevel],
      tests: [TestScore]
    ) -> Decision<PrimaryResult> {
      func holds(_ subject: SubjectLevel, _ trait: TraitLevel, points: Int) -> Bool {
        subjects.allSatisfy { $0 >= subject } && traits.allSatisfy { $0 >= trait }
          && tests.allSatisfy { $0.points >= points }
      }
      let result: PrimaryResult =
        if holds(.completedWell, .good, points: 9) {
          .completedExcellently
        } else if holds(.completedWell, .good, points: 7) {
          .completedWell
        } else if holds(.completed, .reached, points: 5) {
          .completed
        } else {
          .notCompleted
        }
      return Decision(result, by: Citation(.circular27, article: 9, clause: 2))
    }
  }
}
