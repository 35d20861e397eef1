package import Assessment
package import Roster

/// A class's levels of a period in primary school (`tong-hop-….xlsx`).
package struct SummarySheet: Sendable, Equatable {
  package var className: String
  package var year: SchoolYear
  package var period: Period
  /// In the order in which the pupils appear first.
  package var rows: [SummaryRow]

  package init(className: String, year: SchoolYear, period: Period, rows: [SummaryRow]) {
    self.className = className
    self.year = year
    self.period = period
    self.rows = rows
  }
}

/// A pupil's levels of a period; what stands blank is absent.
package struct SummaryRow: Sendable, Equatable {
  /// The pupil's code.
  package var pupil: String
  package var levels: [SubjectCode: SubjectLevel] = [:]
  package var tests: [SubjectCode: TestScore] = [:]
  package var traits: [Trait: TraitLevel] = [:]
  package var comment: String?

  package init(pupil: String) {
    self.pupil = pupil
  }
}
