import API

/// The results of a class's year.
struct ClassResults: Sendable {
  let schoolClass: ReportClass
  let results: [ResultCount]
}

extension ReportingV1.DistributionRow {
  /// The levels in the order in which the forms have them: primary results, then T, K, Đ, CĐ.
  private static let levels = ["HTXS", "HTT", "HT", "CHT", "T", "K", "Đ", "CĐ"]

  /// Classes together.
  init(_ group: ReportingV1.Group, _ classes: [ClassResults]) {
    let results = classes.flatMap(\.results)
    let students = classes.reduce(0) { $0 + $1.schoolClass.studentCount }
    let complete = results.reduce(0) { $0 + ($1.level.isEmpty ? 0 : $1.count) }
    let awards = Self.count(results, \.award)
    self.init(
      group: group,
      studentCount: Int32(clamping: students),
      incompleteCount: Int32(clamping: max(0, students - complete)),
      results: Self.ordered(Self.count(results, \.level)),
      conduct: Self.ordered(Self.count(results, \.conduct)),
      promotedCount: Int32(clamping: results.reduce(0) { $0 + ($1.isPromoted ? $1.count : 0) }),
      awards: awards.keys.sorted().map { .init(level: $0, count: Int32(clamping: awards[$0] ?? 0)) }
    )
  }

  private static func count(
    _ results: [ResultCount],
    _ value: (ResultCount) -> String
  ) -> [String: Int] {
    var counts: [String: Int] = [:]
    for result in results where !value(result).isEmpty {
      counts[value(result), default: 0] += result.count
    }
    return counts
  }

  private static func ordered(_ counts: [String: Int]) -> [ReportingV1.LevelCount] {
    levels.compactMap { level in
      counts[level].map { .init(level: level, count: Int32(clamping: $0)) }
    }
  }
}
