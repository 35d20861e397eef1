import Postgres
import ServiceKit

extension Call {
  /// The school years, the newest first.
  func schoolYears(_ grant: Grant) async throws -> [CatalogYear] {
    try await read(
      grant,
      """
      SELECT name, start_date::text, second_term_date::text, end_date::text
        FROM school_year ORDER BY name DESC
      """
    )
  }

  /// The roll-out by school year, ascending.
  func rollouts(_ grant: Grant) async throws -> [Rollout] {
    try await read(grant, "SELECT school_year, grades FROM rollout ORDER BY school_year")
  }
}

extension Transaction {
  /// Whether the catalogue has a school year.
  func hasSchoolYear(_ year: String) async throws(StoreError) -> Bool {
    try await first("SELECT true FROM school_year WHERE name = \(year)") ?? false
  }

  /// The roll-out of a school year, held against change; `nil` if there is none.
  func rollout(of year: String) async throws(StoreError) -> Rollout? {
    try await first(
      """
      SELECT school_year, grades FROM rollout WHERE school_year = \(year) FOR UPDATE
      """
    )
  }

  /// Stores the roll-out of a school year.
  func store(_ rollout: Rollout) async throws(StoreError) {
    try await execute(
      """
      INSERT INTO rollout (school_year, grades)
      VALUES (\(rollout.schoolYear), \(rollout.grades)::int[])
      ON CONFLICT (school_year) DO UPDATE SET grades = excluded.grades
      """
    )
  }
}

/// A school year as the catalogue has it; dates ISO 8601.
struct CatalogYear: RowDecodable {
  let name: String
  let startDate: String
  let secondTermDate: String
  let endDate: String

  init(row: inout Row) throws(StoreError) {
    name = try row.next()
    startDate = try row.next()
    secondTermDate = try row.next()
    endDate = try row.next()
  }
}

extension Rollout: RowDecodable {
  init(row: inout Row) throws(StoreError) {
    schoolYear = try row.next()
    grades = try row.next()
  }
}
