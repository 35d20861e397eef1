import Foundation
import Logging
import Postgres
import SystemSupport
import TestTools

/// Marks from workbooks into the database through the records service, against `COPY` of the same
/// rows into a table of the same shape.
struct ImportBenchmark {
  let installation: Installation

  func figures() async throws -> [Figure] {
    let office = try await installation.newOfficer()
    let district = try District(Repository.district)
    var workbooks: [(school: String, file: URL)] = []
    for school in district.schools {
      let name = try await office.organization(school.code)
      workbooks += school.workbooks.dropFirst().map { (name, $0) }
    }
    let rows = Int(try await installation.value("SELECT count(*) FROM records.mark")) ?? 0
    let imported = try await median(rounds: 3, before: removeMarks) {
      for (school, file) in workbooks { _ = try await office.bringIn(file, to: school) }
      return rows
    }
    await office.close()
    return [
      Figure("import of \(rows) marks", imported, "rows", against: "COPY", try await copied(rows))
    ]
  }

  private func removeMarks() async throws {
    _ = try await installation.value(
      """
      TRUNCATE records.mark, records.mark_row, records.conduct, records.trait,
        records.trait_comment
      """
    )
  }

  /// The rate of COPY.
  private func copied(_ rows: Int) async throws -> Double {
    _ = try await installation.value(
      "CREATE TABLE public.bench_mark (LIKE records.mark INCLUDING ALL)"
    )
    let database = Database(
      DatabaseConfiguration(try await installation.databaseURL()),
      logger: Logger(label: "bench")
    )
    let marks: [MarkRow] = try await database.query(
      """
      SELECT school_id::text, class_id::text, subject, term::text, student_id::text, slot,
             ordinal::text, score::text, level, absence
        FROM records.mark
      """
    )
    let rate = try await median(
      rounds: 5,
      before: { _ = try await installation.value("TRUNCATE public.bench_mark") }
    ) {
      try await database.transaction { transaction in
        try await transaction.copyIn("COPY public.bench_mark FROM STDIN", marks.lazy.map(\.columns))
      }
    }
    await database.shutdown()
    _ = try await installation.value("DROP TABLE public.bench_mark")
    return rate
  }
}

/// A row of `records.mark` as text.
private struct MarkRow: RowDecodable {
  let columns: [String?]

  init(row: inout Row) throws(StoreError) {
    var columns: [String?] = []
    for _ in 0..<10 { columns.append(try row.next()) }
    self.columns = columns
  }
}
