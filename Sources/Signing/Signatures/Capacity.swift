import API
import ServiceKit
import XAdES

/// In which capacity somebody signs: what the contract, the file and the authorisation call it.
enum Capacity: Sendable, CaseIterable {
  case subjectTeacher, classTeacher, principal, seal

  /// Reads the contract's value; `nil` if it is none of them.
  init?(_ wire: SigningV1.Capacity) {
    switch wire {
    case .subjectTeacher: self = .subjectTeacher
    case .classTeacher: self = .classTeacher
    case .principal: self = .principal
    case .seal: self = .seal
    default: return nil
    }
  }

  /// Reads the role as the file has it; `nil` if it is none of them.
  init?(role: String) {
    guard let capacity = Self.allCases.first(where: { $0.role.rawValue == role }) else {
      return nil
    }
    self = capacity
  }

  /// The role as the file has it.
  var role: SignerRole {
    switch self {
    case .subjectTeacher: .subjectTeacher
    case .classTeacher: .classTeacher
    case .principal: .principal
    case .seal: .seal
    }
  }

  /// What the signer must be allowed to do.
  var action: Action {
    switch self {
    case .subjectTeacher: .signAsSubjectTeacher
    case .classTeacher: .signAsClassTeacher
    case .principal: .signAsPrincipal
    case .seal: .applySeal
    }
  }
}
