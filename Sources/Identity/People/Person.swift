import API
import Foundation
import ServiceKit

/// A person who is to be made, checked.
struct NewPerson: Sendable {
  let login: String
  let displayName: String
  let staffCode: String
  let personalID: String
  let email: String

  /// Reads what the contract carries.
  ///
  /// - Throws: `Problem` `FIELD_INVALID`, naming the field.
  init(_ wire: IdentityV1.Person) throws(Problem) {
    let isPlain = wire.login.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || ".-_@".utf8.contains(byte)
    }
    guard (3...100).contains(wire.login.count), isPlain else {
      throw .invalid("person.login", "từ 3 đến 100 chữ thường, chữ số hoặc . - _ @")
    }
    guard wire.staffCode.utf8.count <= 64 else {
      throw .invalid("person.staff_code", "dài nhất 64 kí tự")
    }
    let isNumber =
      wire.personalID.utf8.count == 12
      && wire.personalID.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard wire.personalID.isEmpty || isNumber else {
      throw .invalid("person.personal_id", "phải có 12 chữ số")
    }
    login = wire.login
    displayName = try RequestText.required(wire.displayName, "person.display_name", limit: 200)
    staffCode = wire.staffCode
    personalID = wire.personalID
    email = try Self.email(wire.email)
  }

  static func email(_ text: String) throws(Problem) -> String {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    let isAddress =
      parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
      && !text.contains(where: \.isWhitespace)
    guard text.isEmpty || isAddress else {
      throw .invalid("person.email", "phải là một địa chỉ thư điện tử")
    }
    return text
  }
}

/// What changes of a person; `nil` leaves a field as it is.
struct PersonChange: Sendable {
  let displayName: String?
  let email: String?
  let disabled: Bool?

  init(_ wire: IdentityV1.Person, fields: Set<String>) throws(Problem) {
    displayName =
      fields.contains("display_name")
      ? try RequestText.required(wire.displayName, "person.display_name", limit: 200) : nil
    email = fields.contains("email") ? try NewPerson.email(wire.email) : nil
    disabled = fields.contains("disabled") ? wire.disabled : nil
  }
}

/// A role that is to be given.
struct NewRole: Sendable {
  let id: String
  let kind: RoleKind
  let organization: String
  let startDate: String
  let endDate: String?
}

extension RoleKind {
  /// Whether the role is one of such a unit.
  ///
  /// A head of a school who held that role in an office would head every school below it.
  func fits(_ kind: OrganizationKind) -> Bool {
    switch self {
    case .principal, .deputyPrincipal, .clerk, .teacher: kind == .school
    case .officer, .inspector: kind != .school
    case .administrator, .system: true
    }
  }

  /// Reads the contract's value; `nil` if it is none of them.
  init?(_ wire: IdentityV1.RoleKind) {
    guard let kind = Self.allCases.first(where: { $0.wire == wire }) else { return nil }
    self = kind
  }

  var wire: IdentityV1.RoleKind {
    switch self {
    case .administrator: .administrator
    case .officer: .officer
    case .inspector: .inspector
    case .principal: .principal
    case .deputyPrincipal: .deputyPrincipal
    case .clerk: .clerk
    case .teacher: .teacher
    case .system: .system
    }
  }
}
