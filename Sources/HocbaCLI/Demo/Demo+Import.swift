import API
import Foundation

extension Demo {
  /// Staff, classes, pupils and assignments; a school whose roster is refused is left out.
  ///
  /// - Returns: The schools that are in, and the files that are not.
  func bringInRosters(_ officer: Desk, _ places: [Place]) async throws -> ([Place], [URL]) {
    try await stages.run("Nhân sự, lớp, học sinh, phân công", "Staff and rosters") {
      let files = try places.map { place in
        (place, try place.folder.workbooks().filter { SchoolFolder.isRoster($0.lastPathComponent) })
      }
      let answers = try await inParallel(files) { place, files in
        var tally = Tally()
        for file in files { tally.add(file, try await officer.bringIn(file, to: place.school)) }
        return (place: place, isGood: !files.isEmpty && tally.rejected.isEmpty, tally: tally)
      }
      let good = answers.filter(\.isGood).map(\.place)
      let total = answers.reduce(into: Tally()) { $0.add($1.tally) }
      stages.complain(total.complaints)
      stages.complain(
        answers.filter { !$0.isGood }.map { answer in
          words(
            "Trường \(answer.place.school.code): chưa nhập được hồ sơ, bỏ qua.",
            "School \(answer.place.school.code): no roster, left out."
          )
        }
      )
      guard !good.isEmpty else {
        throw Failure(words("Không nhập được trường nào.", "No school could be brought in."))
      }
      return (total.summary, (good, total.rejected))
    }
  }

  /// Mark books and summary sheets.
  ///
  /// - Returns: The files that are refused.
  func bringInMarks(_ officer: Desk, _ places: [Place]) async throws -> [URL] {
    try await stages.run("Sổ điểm, bảng tổng hợp", "Mark books in") {
      let files = try places.flatMap { place in
        try place.folder.workbooks().filter { !SchoolFolder.isRoster($0.lastPathComponent) }
          .map { (place.school, $0) }
      }
      // Few at once: the writes of a service wait for each other at its ledger.
      let tallies = try await inParallel(files, atOnce: 4) { school, file in
        var tally = Tally()
        tally.add(file, try await officer.bringIn(file, to: school))
        return tally
      }
      let total = tallies.reduce(into: Tally()) { $0.add($1) }
      stages.complain(total.complaints)
      return (total.summary, total.rejected)
    }
  }
}

/// What imports have come to.
private struct Tally: Sendable {
  var files = 0
  var rejected: [URL] = []
  var created = 0
  var updated = 0
  var unchanged = 0
  var complaints: [String] = []

  mutating func add(_ file: URL, _ answer: RecordsV1.ImportWorkbookResponse) {
    files += 1
    if answer.outcome == .rejected { rejected.append(file) }
    created += Int(answer.createdCount)
    updated += Int(answer.updatedCount)
    unchanged += Int(answer.unchangedCount)
    complaints += answer.problems.map { problem in
      let row = problem.row > 0 ? "\(problem.row)" : ""
      let place = [problem.file, problem.sheet, problem.column + row].filter { !$0.isEmpty }
      return place.joined(separator: " ")
        + (problem.found.isEmpty ? ": " : ": \(problem.found) → ")
        + "\(problem.expected) [\(problem.reason)]"
    }
  }

  mutating func add(_ other: Tally) {
    files += other.files
    rejected += other.rejected
    created += other.created
    updated += other.updated
    unchanged += other.unchanged
    complaints += other.complaints
  }

  var summary: String {
    let changes = words(
      "\(files) tệp: \(created) dòng mới, \(updated) sửa, \(unchanged) như cũ",
      "\(files) files: \(created) rows new, \(updated) changed, \(unchanged) the same"
    )
    guard !rejected.isEmpty else { return changes }
    return changes
      + words(", \(rejected.count) tệp bị từ chối", ", \(rejected.count) files rejected")
  }
}
