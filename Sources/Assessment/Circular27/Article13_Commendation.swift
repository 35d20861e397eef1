extension Circular27 {
  /// Circular 27/2020, article 13: rewards (*khen thưởng*) at the end of the year.
  package enum Article13 {
    /// The title that is awarded.
    ///
    /// *Học sinh Xuất sắc* for *Hoàn thành xuất sắc*. *Học sinh Tiêu biểu hoàn thành tốt trong học
    /// tập và rèn luyện* for *Hoàn thành tốt* with an outstanding achievement in a subject or clear
    /// progress in a quality or competency, when the class recognises it: people decide that.
    /// - Parameters:
    ///   - result: The result of the year.
    ///   - isRecognised: Tells that the class has recognised the pupil as exemplary.
    /// - Returns: A decision whose outcome is `nil` where no title is awarded.
    package static func award(_ result: PrimaryResult, isRecognised: Bool) -> Decision<Award?> {
      let award: Award? =
        switch result {
        case .completedExcellently: .excellent
        case .completedWell: isRecognised ? .exemplary : nil
        case .completed, .notCompleted: nil
        }
      return Decision(award, by: Citation(.circular27, article: 13, clause: 1))
    }
  }
}
