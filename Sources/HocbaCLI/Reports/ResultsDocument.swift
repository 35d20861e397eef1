import API

/// The results of a school year in the form that other programs read: pupils by code, averages as
/// text with one decimal, `null` for what cannot be computed yet.
enum ResultsDocument {
  static func json(_ year: String, _ results: [RecordsV1.StudentResult]) -> JSON {
    let students = results.sorted { $0.studentCode < $1.studentCode }
      .map { JSON.Member($0.studentCode, student($0)) }
    return .object([.init("schoolYear", .string(year)), .init("students", .object(students))])
  }

  private static func student(_ result: RecordsV1.StudentResult) -> JSON {
    var members: [JSON.Member] = [
      .init("name", .string(result.studentDisplayName)),
      .init("school", .string(result.schoolCode)),
      .init("cls", .string(result.classDisplayName)),
      .init("grade", .number(Int(result.grade))),
    ]
    if let secondary = result.lowerSecondary {
      let terms: [JSON.Member] = [
        .init("I", secondary.firstTerm.map { .object(period($0)) } ?? .null),
        .init("II", secondary.secondTerm.map { .object(period($0)) } ?? .null),
      ]
      members += [.init("terms", .object(terms)), .init("year", year(secondary))]
    } else {
      members.append(.init("year", result.primary.map { year($0) } ?? .null))
    }
    return .object(members)
  }

  private static func year(_ result: RecordsV1.LowerSecondaryResult) -> JSON {
    guard let year = result.year else { return .null }
    let promoted: JSON =
      switch result.promotion {
      case .promoted: .bool(true)
      case .retained: .bool(false)
      default: .null
      }
    return .object(
      period(year) + [
        .init("absences", .number(Int(result.absenceCount))), .init("award", .text(result.award)),
        .init("promoted", promoted),
      ]
    )
  }

  private static func period(_ period: RecordsV1.LowerSecondaryPeriod) -> [JSON.Member] {
    [
      .init("averages", .object(period.averages.map { .init($0.subject, .string($0.text)) })),
      .init("comments", .object(period.levels.map { .init($0.subject, .string($0.level)) })),
      .init("conduct", .text(period.conduct)),
      .init("academic", .text(period.academic)),
      .init("adjusted", .bool(period.adjusted)),
    ]
  }

  private static func year(_ result: RecordsV1.PrimaryResult) -> JSON {
    .object([
      .init("levels", .object(result.levels.map { .init($0.subject, .string($0.level)) })),
      .init("exams", .object(result.tests.map { .init($0.subject, .number(Int($0.tenths / 10))) })),
      .init("traits", .object(result.traits.map { .init($0.subject, .string($0.level)) })),
      .init("result", .text(result.result)),
    ])
  }
}

extension RecordsV1.SubjectAverage {
  /// With one decimal, such as `8.3`.
  var text: String { "\(tenths / 10).\(tenths % 10)" }
}
