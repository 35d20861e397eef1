package import Roster

/// A circular of the ministry on the assessment of pupils, by its number.
package enum Circular: String, Sendable, Hashable, CaseIterable {
  /// Primary school.
  case circular27 = "27/2020/TT-BGDĐT"
  /// Lower secondary school.
  case circular22 = "22/2021/TT-BGDĐT"
}

/// What "only because of one single subject" means in circular 22/2021, article 9, clause 3.
///
/// The text leaves both readings open; the office decides.
package enum OneSubjectReading: String, Sendable, Hashable, CaseIterable {
  /// The other subjects alone must carry the higher level: the default, for it awards nothing
  /// that the remaining marks do not carry.
  case exclude = "EXCLUDE"
  /// The one subject is supposed to be perfect, and may itself be the sixth.
  case improve = "IMPROVE"
}

/// The rules that govern a grade in a school year; its id is kept with all that is made by it.
package struct RuleSet: Sendable, Hashable {
  /// The circular.
  package let circular: Circular
  /// The edition of our rules under the circular: 1, and one more with each amendment.
  package let edition: Int
  /// How the circular's open question is read; circular 27/2020 does not ask it.
  package let reading: OneSubjectReading

  /// The name of the rule set, `tt27-2020/1`, `tt22-2021/1` or, with the reading that is not the
  /// default, `tt22-2021/1-improve`.
  package var id: String {
    switch circular {
    case .circular27: "tt27-2020/\(edition)"
    case .circular22: "tt22-2021/\(edition)\(reading == .improve ? "-improve" : "")"
    }
  }

  /// Finds the rule set of an id; `nil` when there is none such.
  package init?(id: String) {
    for row in Self.rows {
      for reading in OneSubjectReading.allCases {
        let candidate = RuleSet(row, reading)
        if candidate.id == id {
          self = candidate
          return
        }
      }
    }
    return nil
  }

  /// Chooses the rules for a grade in a school year.
  /// - Parameters:
  ///   - grade: The pupil's grade.
  ///   - year: The school year of the record, not of today.
  ///   - reading: The office's reading of circular 22/2021, article 9, clause 3.
  /// - Returns: `nil` before the first of our circulars reached the grade.
  package static func governing(
    _ grade: Grade,
    in year: SchoolYear,
    reading: OneSubjectReading = .exclude
  ) -> RuleSet? {
    rows.last { $0.grade == grade.rawValue && $0.startYear <= year.startYear }
      .map { RuleSet($0, $0.circular == .circular27 ? .exclude : reading) }
  }

  private init(_ row: Row, _ reading: OneSubjectReading) {
    circular = row.circular
    edition = row.edition
    self.reading = reading
  }

  private struct Row {
    let grade: Int
    /// The calendar year in which the first school year of the rule begins.
    let startYear: Int
    let circular: Circular
    let edition: Int
  }

  /// Both circulars entered grade by grade, after their own time tables.
  ///
  /// A later row of a grade replaces the one before.
  private static let rows: [Row] = [
    Row(grade: 1, startYear: 2020, circular: .circular27, edition: 1),
    Row(grade: 2, startYear: 2021, circular: .circular27, edition: 1),
    Row(grade: 3, startYear: 2022, circular: .circular27, edition: 1),
    Row(grade: 4, startYear: 2023, circular: .circular27, edition: 1),
    Row(grade: 5, startYear: 2024, circular: .circular27, edition: 1),
    Row(grade: 6, startYear: 2021, circular: .circular22, edition: 1),
    Row(grade: 7, startYear: 2022, circular: .circular22, edition: 1),
    Row(grade: 8, startYear: 2023, circular: .circular22, edition: 1),
    Row(grade: 9, startYear: 2024, circular: .circular22, edition: 1),
  ]
}
