import Postgres
import Roster
import ServiceKit

extension Transaction {
  /// Takes a pupil's row of a mark sheet for a change, and gives it its next version.
  ///
  /// The etag is the version that the caller has seen; it is empty for a row that is not there yet.
  /// `Problem.etagMismatch` is thrown where it is another.
  func claimMarkRow(_ sheet: MarkSheetName, _ student: String, etag: String) async throws {
    let touched =
      if etag.isEmpty {
        try await execute(
          """
          INSERT INTO mark_row (school_id, class_id, subject, term, student_id)
          VALUES (\(sheet.schoolClass.school)::uuid, \(sheet.schoolClass.id)::uuid,
                  \(sheet.key.subject.rawValue), \(sheet.key.term.stored), \(student)::uuid)
          ON CONFLICT DO NOTHING
          """
        )
      } else {
        try await execute(
          """
          UPDATE mark_row SET version = version + 1
           WHERE school_id = \(sheet.schoolClass.school)::uuid
             AND class_id = \(sheet.schoolClass.id)::uuid
             AND subject = \(sheet.key.subject.rawValue) AND term = \(sheet.key.term.stored)
             AND student_id = \(student)::uuid AND version::text = \(etag)
          """
        )
      }
    guard touched == 1 else { throw Problem.etagMismatch }
  }

  /// Puts a value in a slot of a row; `nil` empties the slot.
  func put(
    _ value: MarkValue?,
    in slot: MarkSlot,
    _ ordinal: Int,
    _ sheet: MarkSheetName,
    _ student: String
  ) async throws(StoreError) {
    guard let value else {
      try await execute(
        """
        DELETE FROM mark
         WHERE school_id = \(sheet.schoolClass.school)::uuid
           AND class_id = \(sheet.schoolClass.id)::uuid
           AND subject = \(sheet.key.subject.rawValue) AND term = \(sheet.key.term.stored)
           AND student_id = \(student)::uuid AND slot = \(slot.rawValue) AND ordinal = \(ordinal)
        """
      )
      return
    }
    try await execute(
      """
      INSERT INTO mark (school_id, class_id, subject, term, student_id, slot, ordinal,
                        score, level, absence)
      VALUES (\(sheet.schoolClass.school)::uuid, \(sheet.schoolClass.id)::uuid,
              \(sheet.key.subject.rawValue), \(sheet.key.term.stored), \(student)::uuid,
              \(slot.rawValue), \(ordinal), \(value.score), \(value.level), \(value.absence))
      ON CONFLICT (school_id, class_id, subject, term, student_id, slot, ordinal) DO UPDATE
        SET score = excluded.score, level = excluded.level, absence = excluded.absence
      """
    )
  }

  /// A pupil's row of a mark sheet; `nil` if there is none yet.
  func markRow(_ sheet: MarkSheetName, _ student: String) async throws(StoreError) -> MarkRow? {
    try await markRows(of: sheet.schoolClass, sheet: sheet.key, student: student).first?.row
  }
}
