import Crypto

/// In which capacity somebody signs, as it stands in *ClaimedRole*.
///
/// A role is one to 64 small letters and hyphens.
package struct SignerRole: RawRepresentable, Sendable, Hashable {
  package let rawValue: String

  /// `nil` if the text is not of the form of a role.
  package init?(rawValue: String) {
    let isPlain = rawValue.utf8.allSatisfy {
      $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
    }
    guard isPlain, (1...64).contains(rawValue.utf8.count) else { return nil }
    self.rawValue = rawValue
  }

  private init(known: String) { rawValue = known }

  /// Subject teacher (*giáo viên bộ môn*).
  package static let subjectTeacher = SignerRole(known: "subject-teacher")
  /// Class teacher (*giáo viên chủ nhiệm*).
  package static let classTeacher = SignerRole(known: "class-teacher")
  /// Principal (*hiệu trưởng*), or a deputy in their place.
  package static let principal = SignerRole(known: "principal")
  /// The school's seal (*con dấu*).
  package static let seal = SignerRole(known: "seal")
}

/// Who has to sign a kind of document, and in which order; each signature names it.
package struct SigningPolicy: Sendable, Equatable {
  /// A URI; 1 to 200 letters, digits and `: . / # _ -`.
  package let id: String
  /// One signature each.
  package let steps: [SignerRole]

  /// `nil` if the id is not of that form, or there are no steps or more than 16.
  package init?(id: String, steps: [SignerRole]) {
    guard Self.isID(id), (1...SignedDocument.maximumSignatures).contains(steps.count) else {
      return nil
    }
    self.id = id
    self.steps = steps
  }

  static func isID(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: ":./#_-".utf8.contains(byte)
        }
      }
  }

  /// The digest that signatures carry, so that a policy cannot change under them.
  package var digest: [UInt8] {
    SHA256.digest(Array(([id] + steps.map(\.rawValue)).joined(separator: "\n").utf8))
  }
}
