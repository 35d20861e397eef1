extension Circular22 {
  /// Circular 22/2021, article 6: regular assessment (*đánh giá thường xuyên*).
  package enum Article06 {
    /// How many regular marks (*ĐĐGtx*) a scored subject requires in a term: 2 for up to 35
    /// lessons a year, 3 for more than 35 up to 70, 4 for more than 70.
    ///
    /// The number is exact, no minimum.
    package static func requiredScores(lessonsPerYear: Int) -> Int {
      switch lessonsPerYear {
      case ...35: 2
      case 36...70: 3
      default: 4
      }
    }

    /// How many regular assessments a subject requires in a term that is assessed by comments
    /// only, whatever its lessons.
    package static let requiredComments = 2
  }
}
