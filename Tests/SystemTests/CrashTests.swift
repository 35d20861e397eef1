import API
import Foundation
import GRPC
import SystemSupport
import TestTools
import Testing

extension SystemTests {
  /// Ends that nobody had time for.
  @Suite struct CrashTests {
    /// Sheets that have rows for some pupils of the class and not for others, and entries of the
    /// audit trail that are missing or too many.
    private func halves(_ installation: Installation) async throws -> [String] {
      let sheets = try await installation.value(
        """
        SELECT count(*) FROM (
          SELECT count(*) AS rows,
                 (SELECT count(*) FROM records.enrolment e WHERE e.class_id = r.class_id) AS pupils
            FROM records.mark_row r GROUP BY class_id, subject, term) AS sheet
         WHERE rows <> pupils
        """
      )
      let audit = try await installation.value(
        """
        SELECT (SELECT version FROM records.ledger_head) - count(*) FROM records.audit
        """
      )
      return [sheets, audit]
    }

    @Test func `kill -9 in the middle of an import loses no answer and leaves no half`()
      async throws
    {
      try await withInstallation { installation in
        try await installation.prepare()
        let district = try District(Repository.district)
        let (office, schools) = try await installation.open(district)
        let workbooks = district.schools.flatMap { school in
          school.workbooks.map { (school: schools[school.code] ?? "", file: $0) }
        }
        var answered: Set<URL> = []
        for round in 0..<8 {
          async let crash: Void = {
            try await Task.sleep(for: .milliseconds(.random(in: 20...900)))
            try await installation.crash(round % 4 == 3 ? "identity" : "records")
          }()
          do {
            for next in workbooks where !answered.contains(next.file) {
              let answer = try await office.bringIn(next.file, to: next.school)
              #expect([.imported, .unchanged].contains(answer.outcome), "\(answer)")
              answered.insert(next.file)
            }
          } catch let error as RPCError {
            #expect(error.code == .unavailable, "\(error)")
          }
          try await crash
          #expect(try await halves(installation) == ["0", "0"])
        }
        // What was answered is there, and the rest can still come in.
        for next in workbooks {
          let answer = try await office.bringIn(next.file, to: next.school)
          let isKept = answer.outcome == .unchanged
          #expect(isKept || answer.outcome == .imported && !answered.contains(next.file))
        }
        await office.close()
        try await installation.expectResults(of: "2022-2023", toBe: district.expected)
      }
    }

    @Test func `the demo goes through while services are killed`() async throws {
      try await withInstallation { installation in
        let district = try await installation.makeDistrict()
        try await installation.prepare()
        let crashes = Task {
          while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(.random(in: 500...1_500)))
            try await installation.crash(Installation.services.randomElement() ?? "records")
          }
        }
        let outcome = try await installation.demonstrate(district)
        crashes.cancel()
        _ = await crashes.result
        #expect(outcome.status == 0, "\(outcome.errors)")
        try await installation.start()
        try await installation.expectResults(
          of: "2024-2025",
          toBe: district.appending(path: "expected.json")
        )
        #expect(try await halves(installation) == ["0", "0"])
        let signed = try await installation.value(
          """
          SELECT count(*) FROM signing.published_document
           WHERE kind = 'TRANSCRIPT' AND steps = required_steps
          """
        )
        #expect(signed == "44")
      }
    }
  }
}
