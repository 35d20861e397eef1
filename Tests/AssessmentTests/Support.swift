import Roster

@testable import Assessment

/// Scores in tests are written in tenths: `83` is 8.3.
extension Score: ExpressibleByIntegerLiteral {
  public init(integerLiteral tenths: Int) { self = Score(tenths: tenths) ?? .zero }
}

/// The marks of a term, in tenths; `nil` is a mark that has not been entered.
func marks(_ regular: [Score?], _ midTerm: Score?, _ endOfTerm: Score?) -> TermMarks<Score> {
  TermMarks(
    regular: regular.map(entry),
    midTerm: entry(midTerm),
    endOfTerm: entry(endOfTerm)
  )
}

/// The assessments of a term by comments.
func comments(
  _ regular: [CommentLevel],
  _ midTerm: CommentLevel?,
  _ endOfTerm: CommentLevel?
) -> TermMarks<CommentLevel> {
  TermMarks(
    regular: regular.map(MarkEntry.entered),
    midTerm: entry(midTerm),
    endOfTerm: entry(endOfTerm)
  )
}

func entry<Value>(_ value: Value?) -> MarkEntry<Value> {
  value.map(MarkEntry.entered) ?? .notEntered
}

/// Results of eight or so scored subjects and four comment subjects, the first of which failed.
func results(_ averages: [Score], failedComments: Int = 0) -> SubjectResults {
  var results = SubjectResults()
  for (index, average) in averages.enumerated() {
    results.averages[SubjectCode(rawValue: "scored-\(index)")] = average
  }
  for index in 0..<4 {
    results.comments[SubjectCode(rawValue: "comment-\(index)")] =
      index < failedComments ? .notPassed : .passed
  }
  return results
}
