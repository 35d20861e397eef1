extension Circular22 {
  /// Circular 22/2021, article 15: rewards (*khen thưởng*) at the end of the year.
  package enum Article15 {
    /// The title that the rule awards; the outcome is `nil` where it awards none.
    ///
    /// *Học sinh Xuất sắc*: conduct and result of learning *Tốt*, at least six scored subjects
    /// with a year average of 9.0 or more. *Học sinh Giỏi*: both *Tốt*.
    package static func award(
      conduct: ConductLevel,
      academic: AcademicLevel,
      results: SubjectResults
    ) -> Decision<Award?> {
      let basis = Citation(.circular22, article: 15, clause: 1)
      guard conduct == .good, academic == .good else { return Decision(nil, by: basis) }
      let isExcellent = results.averages.values.count { $0 >= .of(9) } >= 6
      return Decision(isExcellent ? .excellent : .good, by: basis)
    }
  }
}
