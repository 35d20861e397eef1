import Postgres
import Roster
import ServiceKit
import Transcript

extension Transaction {
  /// Whether the roll-out gives a grade electronic transcripts in a school year.
  func isRolledOut(_ grade: Grade, in schoolYear: SchoolYear) async throws(StoreError) -> Bool {
    try await first(
      """
      SELECT \(grade.rawValue)::int = ANY(grades) FROM rollout
       WHERE school_year = \(schoolYear.description)
      """
    ) ?? false
  }

  /// The principal (*hiệu trưởng*) of a school; `nil` while the roster names none.
  func principal(of school: OrganizationID) async throws(StoreError) -> StaffMember? {
    let names = [StaffPosition.principal.rawValue] + StaffPosition.principal.names
    let row: PrincipalRow? = try await first(
      """
      SELECT code, display_name FROM staff
       WHERE school_id = \(school)::uuid AND position = ANY(\(names))
       ORDER BY code LIMIT 1
      """
    )
    return row.map { StaffMember(code: $0.code, name: $0.name) }
  }
}

private struct PrincipalRow: RowDecodable {
  let code: String
  let name: String

  init(row: inout Row) throws(StoreError) {
    code = try row.next()
    name = try row.next()
  }
}
