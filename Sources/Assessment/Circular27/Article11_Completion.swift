package import Roster

extension Circular27 {
  /// Circular 27/2020, article 11: completion of the grade (*hoàn thành chương trình lớp học*) and
  /// of primary school (*hoàn thành chương trình tiểu học*).
  package enum Article11 {
    /// What the result of the year completes (clause 1): every result but *Chưa hoàn thành*
    /// completes the grade, and with grade 5 primary school.
    package static func completion(
      _ result: PrimaryResult,
      in grade: Grade
    ) -> Decision<Completion> {
      let completion: Completion =
        if result == .notCompleted {
          .notCompleted
        } else {
          grade.isLastOfLevel ? .primarySchool : .grade
        }
      return Decision(completion, by: Citation(.circular27, article: 11, clause: 1))
    }

    /// Whether the pupil moves up.
    ///
    /// Who completes the grade does. For the others, who have been helped and assessed again, the
    /// principal decides: promotion is a decision of its own, and no function of the result.
    /// - Parameters:
    ///   - completion: What the year completes.
    ///   - principalPromotes: The principal's decision on a pupil who has not completed.
    /// - Returns: `nil` while the principal's decision is wanting.
    package static func promotion(
      _ completion: Completion,
      principalPromotes: Bool?
    ) -> Decision<Bool>? {
      if completion != .notCompleted {
        return Decision(true, by: Citation(.circular27, article: 11, clause: 1))
      }
      return principalPromotes.map {
        Decision($0, by: Citation(.circular27, article: 11, clause: 2))
      }
    }
  }
}

/// What a year of primary school completes.
package enum Completion: String, Sendable, Hashable, CaseIterable {
  /// Nothing yet.
  case notCompleted = "NOT_COMPLETED"
  /// The grade.
  case grade = "GRADE"
  /// Grade 5 and with it primary school.
  case primarySchool = "PRIMARY_SCHOOL"

  /// The words that are certified in the transcript.
  package var name: String {
    switch self {
    case .notCompleted: "Chưa hoàn thành chương trình lớp học"
    case .grade: "Hoàn thành chương trình lớp học"
    case .primarySchool: "Hoàn thành chương trình tiểu học"
    }
  }
}
