extension Circular27 {
  /// Circular 27/2020, article 7: periodic assessment (*đánh giá định kì*) and its tests.
  ///
  /// Which subjects are tested when is in the subject catalogue (`Subject.Offering`).
  package enum Article07 {
    /// The mark that counts and is entered in the transcript: the last, when a result that was out
    /// of line with the pupil's regular work has been replaced by another test.
    /// - Parameter tests: The marks of the test and of those that replaced it, in that order.
    /// - Returns: `nil` while there is none.
    package static func recorded(_ tests: [TestScore]) -> TestScore? { tests.last }
  }
}

/// The mark of a periodic test of primary school (*điểm kiểm tra định kì*): whole points, 0 to 10.
package struct TestScore: Sendable, Hashable, Comparable {
  /// The points, 0 to 10.
  package let points: Int

  /// Makes a mark; `nil` outside 0 to 10.
  package init?(points: Int) {
    guard (0...10).contains(points) else { return nil }
    self.points = points
  }

  /// Orders marks from low to high.
  package static func < (left: TestScore, right: TestScore) -> Bool { left.points < right.points }
}
