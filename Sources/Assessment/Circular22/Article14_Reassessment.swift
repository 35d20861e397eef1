package import Roster

extension Circular22 {
  /// Circular 22/2021, article 14: re-assessment in the summer (*kiểm tra, đánh giá lại*).
  package enum Article14 {
    /// The subjects that a pupil may be re-assessed in, in the order of their codes.
    ///
    /// Who has conduct *Đạt* or better in the year, before any training in the summer, and the
    /// result of learning *Chưa đạt*: the comment subjects at *Chưa đạt* and the scored ones with
    /// an average under 5.0. Nobody else has the right (the ministry's reply to a reader).
    package static func subjects(
      conduct: ConductLevel,
      academic: AcademicLevel,
      results: SubjectResults
    ) -> [SubjectCode] {
      guard conduct >= .passed, academic == .notPassed else { return [] }
      return results.subjects.filter { subject in
        results.comments[subject] == .notPassed
          || results.averages[subject].map { $0 < .of(5) } ?? false
      }
    }

    /// The year's results with those of the re-assessed subjects in their place.
    package static func replacing(
      _ results: SubjectResults,
      with reassessed: SubjectResults
    ) -> SubjectResults {
      SubjectResults(
        averages: results.averages.merging(reassessed.averages) { _, new in new },
        comments: results.comments.merging(reassessed.comments) { _, new in new }
      )
    }
  }
}
