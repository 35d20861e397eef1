package import Roster

/// The results of a pupil in all subjects of a term or a year that count (circular 22/2021).
package struct SubjectResults: Sendable, Hashable {
  /// The averages of the scored subjects.
  package var averages: [SubjectCode: Score]
  /// The results of the subjects that are assessed by comments only.
  package var comments: [SubjectCode: CommentLevel]

  /// Puts results together.
  package init(averages: [SubjectCode: Score] = [:], comments: [SubjectCode: CommentLevel] = [:]) {
    self.averages = averages
    self.comments = comments
  }

  /// The subjects in the order of their codes.
  package var subjects: [SubjectCode] { (Array(averages.keys) + comments.keys).sorted() }

  /// The same without one subject.
  func without(_ subject: SubjectCode) -> SubjectResults {
    var rest = self
    rest.averages[subject] = nil
    rest.comments[subject] = nil
    return rest
  }

  /// The same with the best result in one subject.
  func perfect(in subject: SubjectCode) -> SubjectResults {
    var improved = self
    if averages[subject] != nil { improved.averages[subject] = .ten }
    if comments[subject] != nil { improved.comments[subject] = .passed }
    return improved
  }
}
