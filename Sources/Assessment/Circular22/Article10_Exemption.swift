package import Roster

extension Circular22 {
  /// Circular 22/2021, article 10: exemption (*miễn*) from the practical part of physical
  /// education.
  ///
  /// The pupil is assessed on theory instead, so that the number of assessments is complete: an
  /// exemption never blanks the subject and changes nothing in what is counted.
  package enum Article10 {
    /// Tells whether the principal may grant an exemption in a subject.
    package static func allowsExemption(in subject: SubjectCode) -> Bool { subject == "gdtc" }
  }
}
