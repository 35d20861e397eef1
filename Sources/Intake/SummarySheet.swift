package import Assessment
package import Roster

/// A class's levels of a period in primary school (`tong-hop-….xlsx`).
package struct SummarySheet: Sendable, Equatable {
  /// The name of the class.
  package let className: String
  /// The school year.
  package let year: SchoolYear
  /// The moment of the year.
  package let period: Period
  /// In the order in which the pupils appear first.
  package let rows: [SummaryRow]
}

/// A pupil's levels of a period; what stands blank is absent.
package struct SummaryRow: Sendable, Equatable {
  /// The pupil's code.
  package var pupil: String
  /// The levels of the subjects.
  package var levels: [SubjectCode: SubjectLevel] = [:]
  /// The marks of the periodic tests.
  package var tests: [SubjectCode: TestScore] = [:]
  /// The levels of the qualities and competencies.
  package var traits: [Trait: TraitLevel] = [:]
  /// What the teacher remarks; `nil` where nothing stands.
  package var comment: String?
}
