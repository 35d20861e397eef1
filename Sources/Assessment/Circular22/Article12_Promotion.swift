extension Circular22 {
  /// Circular 22/2021, article 12: promotion (*lên lớp*) and completion of lower secondary school.
  package enum Article12 {
    /// The most sessions (*buổi*, half days) that a promoted pupil may have been absent in the
    /// year, with and without leave together.
    package static let mostAbsences = 45

    /// Decides promotion from the three conditions of clause 1: conduct and result of learning of
    /// the year *Đạt* or better, and not more than 45 sessions absent.
    /// - Parameters:
    ///   - conduct: The year's conduct, after training in the summer where there was any.
    ///   - academic: The year's result of learning, after re-assessment where there was any.
    ///   - absences: Sessions absent in the year.
    /// - Returns: The conditions that are not met, if any.
    package static func promotion(
      conduct: ConductLevel,
      academic: AcademicLevel,
      absences: Int
    ) -> Decision<Promotion> {
      var unmet: [Promotion.Condition] = []
      if conduct < .passed { unmet.append(.conduct) }
      if academic < .passed { unmet.append(.academic) }
      if absences > mostAbsences { unmet.append(.attendance) }
      return Decision(
        Promotion(unmet: unmet),
        by: Citation(.circular22, article: 12, clause: 1)
      )
    }
  }
}

/// Whether a pupil of lower secondary school moves up, and what stands in the way.
package struct Promotion: Sendable, Hashable {
  /// A condition of circular 22/2021, article 12, clause 1.
  package enum Condition: String, Sendable, Hashable, CaseIterable {
    /// Conduct *Đạt* or better.
    case conduct = "CONDUCT"
    /// Result of learning *Đạt* or better.
    case academic = "ACADEMIC"
    /// At most 45 sessions absent.
    case attendance = "ATTENDANCE"
  }

  /// The conditions that are not met, in the order of the circular.
  package let unmet: [Condition]

  /// Tells whether the pupil moves up, or in grade 9 completes the school.
  package var isPromoted: Bool { unmet.isEmpty }
}
