import Assessment
import Postgres
import Roster
import ServiceKit

/// A pupil's result of the year as the table keeps it for counting.
struct StoredResult: Sendable, Equatable {
  let student: String
  let ruleSet: String
  /// Primary: result of the year; lower secondary: academic result.
  let level: String?
  let conduct: String?
  let isPromoted: Bool?
  let award: String?

  /// Takes what is stored out of an evaluation.
  init(student: String, ruleSet: RuleSet, _ evaluation: YearEvaluation) {
    self.student = student
    self.ruleSet = ruleSet.id
    switch evaluation {
    case .primary(let year):
      level = year.result?.outcome.rawValue
      conduct = nil
      isPromoted = year.promotion?.outcome
      award = year.award?.outcome?.name
    case .lowerSecondary(let year):
      level = year.academic?.level.rawValue
      conduct = year.conduct?.outcome.rawValue
      isPromoted = year.promotion?.outcome.isPromoted
      award = year.award?.outcome?.name
    }
  }

  /// The content in one line, for the digests of the audit entry.
  var bytes: [UInt8] {
    let promoted = isPromoted.map { $0 ? "1" : "0" }
    let texts = [ruleSet, level, conduct, promoted, award].map { $0 ?? "" }
    return Array(texts.joined(separator: "\u{1F}").utf8)
  }
}

extension StoredResult: RowDecodable {
  init(row: inout Row) throws(StoreError) {
    student = try row.next()
    ruleSet = try row.next()
    level = try row.next()
    conduct = try row.next()
    isPromoted = try row.next()
    award = try row.next()
  }
}

extension Transaction {
  /// The stored results of a class's pupils, held against change until the transaction ends.
  func storedResults(of head: ClassHead) async throws(StoreError) -> [StoredResult] {
    try await query(
      """
      SELECT r.student_id::text, r.rule_set, r.level, r.conduct, r.promoted, r.award
        FROM enrolment e
        JOIN result r USING (school_id, student_id, school_year)
       WHERE e.school_id = \(head.name.school)::uuid AND e.class_id = \(head.name.id)::uuid
         FOR UPDATE OF r
      """
    )
  }

  /// Stores results of pupils of a class in one statement.
  func store(_ results: [StoredResult], of head: ClassHead) async throws(StoreError) {
    try await execute(
      """
      INSERT INTO result (school_id, student_id, school_year, class_id, rule_set, level, conduct,
                          promoted, award)
      SELECT \(head.name.school)::uuid, r.student, \(head.schoolYear.description),
             \(head.name.id)::uuid, r.rule_set, r.level, r.conduct, r.promoted::boolean, r.award
        FROM unnest(\(results.map(\.student))::uuid[], \(results.map(\.ruleSet))::text[],
                    \(results.map(\.level))::text[], \(results.map(\.conduct))::text[],
                    \(results.map { $0.isPromoted.map { $0 ? "t" : "f" } })::text[],
                    \(results.map(\.award))::text[])
             AS r (student, rule_set, level, conduct, promoted, award)
      ON CONFLICT (school_id, student_id, school_year) DO UPDATE
        SET class_id = excluded.class_id, rule_set = excluded.rule_set, level = excluded.level,
            conduct = excluded.conduct, promoted = excluded.promoted, award = excluded.award
      """
    )
  }
}
