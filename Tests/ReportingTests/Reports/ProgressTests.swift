import Roster
import Testing

@testable import Reporting

@Suite("Progress")
struct ProgressTests {
  @Test(
    arguments: [
      // Scored, per term: regular marks by lessons a year (article 6), mid-term, end of term.
      ("toan", 6, 2 * (4 + 2)), ("tin-hoc", 6, 2 * (2 + 2)), ("cong-nghe", 6, 2 * (2 + 2)),
      ("cong-nghe", 8, 2 * (3 + 2)),
      // By comments: two regular ones whatever the lessons.
      ("hdtn-hn", 6, 2 * (2 + 2)), ("gddp", 9, 2 * (2 + 2)),
      // Primary: a level at each of four periods, and the tests that are due.
      ("toan", 1, 4 + 2), ("toan", 4, 4 + 4), ("dao-duc", 1, 4), ("khoa-hoc", 4, 4 + 2),
      // What may be chosen, and what the grade does not have.
      ("ngoai-ngu-1", 1, 0), ("ngoai-ngu-2", 6, 0), ("khoa-hoc", 1, 0), ("no-such", 6, 0),
    ]
  )
  func `a subject requires what the circulars say`(code: String, grade: Int, marks: Int) throws {
    let grade = try #require(Grade(rawValue: grade))
    #expect(ClassProgress.marksRequired(SubjectCode(rawValue: code), in: grade) == marks)
  }
}
