import API
import Foundation

extension Demo {
  /// Staff, classes, pupils and assignments; a school whose roster is refused is left out.
  func bringInRosters(_ officer: Desk, _ places: [Place]) async throws -> [Place] {
    try await stages.run("Nhân sự, lớp, học sinh, phân công", "Staff and rosters") {
      let files = try places.map { place in
        (place, try place.folder.workbooks().filter { SchoolFolder.isRoster($0.lastPathComponent) })
      }
      let answers = try await inParallel(files) { place, files in
        var good = !files.isEmpty
        var tally = Tally()
        for file in files {
          let answer = try await officer.bringIn(file, to: place.school)
          good = good && answer.outcome != .rejected
          tally.add(answer)
        }
        return (place: place, isGood: good, tally: tally)
      }
      let good = answers.filter(\.isGood).map(\.place)
      let total = answers.reduce(into: Tally()) { $0.add($1.tally) }
      complain(total)
      for answer in answers where !answer.isGood {
        stages.complain([
          words(
            "Trường \(answer.place.school.code): chưa nhập được hồ sơ, bỏ qua.",
            "School \(answer.place.school.code): no roster, left out."
          )
        ])
      }
      guard !good.isEmpty else {
        throw Failure(words("Không nhập được trường nào.", "No school could be brought in."))
      }
      return (total.summary, good)
    }
  }

  /// Mark books and summary sheets.
  func bringInMarks(_ officer: Desk, _ places: [Place]) async throws {
    try await stages.run("Sổ điểm, bảng tổng hợp", "Mark books in") {
      let files = try places.flatMap { place in
        try place.folder.workbooks().filter { !SchoolFolder.isRoster($0.lastPathComponent) }
          .map { (place.school, $0) }
      }
      // Few at once: the writes of a service wait for each other at its ledger.
      let answers = try await inParallel(files, atOnce: 4) { school, file in
        try await officer.bringIn(file, to: school)
      }
      let total = answers.reduce(into: Tally()) { $0.add($1) }
      complain(total)
      return (total.summary, ())
    }
  }

  private func complain(_ tally: Tally) {
    stages.complain(
      tally.problems.map { problem in
        let place = "\(problem.file) \(problem.sheet) \(problem.column)\(problem.row)"
        return "\(place): \(problem.found) → \(problem.expected) [\(problem.reason)]"
      }
    )
  }
}

/// What imports have come to.
private struct Tally: Sendable {
  var files = 0
  var rejected = 0
  var created = 0
  var updated = 0
  var unchanged = 0
  var problems: [RecordsV1.ImportProblem] = []

  mutating func add(_ answer: RecordsV1.ImportWorkbookResponse) {
    files += 1
    rejected += answer.outcome == .rejected ? 1 : 0
    created += Int(answer.createdCount)
    updated += Int(answer.updatedCount)
    unchanged += Int(answer.unchangedCount)
    problems += answer.problems
  }

  mutating func add(_ other: Tally) {
    files += other.files
    rejected += other.rejected
    created += other.created
    updated += other.updated
    unchanged += other.unchanged
    problems += other.problems
  }

  var summary: String {
    let changes = words(
      "\(files) tệp: \(created) dòng mới, \(updated) sửa, \(unchanged) như cũ",
      "\(files) files: \(created) rows new, \(updated) changed, \(unchanged) the same"
    )
    guard rejected > 0 else { return changes }
    return changes + words(", \(rejected) tệp bị từ chối", ", \(rejected) files rejected")
  }
}
