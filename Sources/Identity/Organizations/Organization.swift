import API
import ServiceKit

/// Kinds of organisation, as the tables name them.
enum OrganizationKind: String, CaseIterable {
  case ministry = "MINISTRY"
  case province = "PROVINCE"
  case district = "DISTRICT"
  case school = "SCHOOL"

  init?(_ wire: IdentityV1.OrganizationKind) {
    guard let kind = Self.allCases.first(where: { $0.wire == wire }) else { return nil }
    self = kind
  }

  /// Whether a unit of this kind may stand directly above one of another: offices over smaller ones
  /// and over schools, so that no unit can come to lie below itself.
  func isAbove(_ other: OrganizationKind) -> Bool { rank < other.rank }

  private var rank: Int {
    switch self {
    case .ministry: 0
    case .province: 1
    case .district: 2
    case .school: 3
    }
  }

  var wire: IdentityV1.OrganizationKind {
    switch self {
    case .ministry: .ministry
    case .province: .province
    case .district: .district
    case .school: .school
    }
  }
}

/// An organisation that is to be made, checked.
struct NewOrganization: Sendable {
  let code: String
  let displayName: String
  let kind: OrganizationKind
  let parent: String
  let levels: [String]
  let validFrom: String
  let validTo: String?

  /// Reads what the contract carries.
  ///
  /// - Throws: `Problem` `FIELD_INVALID`, naming the field.
  init(
    _ wire: IdentityV1.Organization,
    parent: String,
    today: String
  ) throws(Problem) {
    guard (1...32).contains(wire.code.count),
      wire.code.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw .invalid("organization.code", "từ 1 đến 32 kí tự không dấu, không khoảng trắng") }
    guard let kind = OrganizationKind(wire.kind), kind != .ministry else {
      throw .invalid("organization.kind", "phải là sở, phòng hoặc trường")
    }
    code = wire.code
    displayName = try RequestText.required(
      wire.displayName,
      "organization.display_name",
      limit: 200
    )
    self.kind = kind
    self.parent = parent
    levels = try Self.levels(wire, kind)
    validFrom =
      wire.validFrom.isEmpty
      ? today : try RequestText.date(wire.validFrom, "organization.valid_from")
    validTo =
      wire.validTo.isEmpty ? nil : try RequestText.date(wire.validTo, "organization.valid_to")
    if let validTo, validTo < validFrom {
      throw .invalid("organization.valid_to", "không được trước valid_from")
    }
  }

  private static func levels(
    _ wire: IdentityV1.Organization,
    _ kind: OrganizationKind
  ) throws(Problem) -> [String] {
    var levels: [String] = []
    for level in wire.levels {
      switch level {
      case .primary: levels.append("PRIMARY")
      case .lowerSecondary: levels.append("LOWER_SECONDARY")
      default: throw .invalid("organization.levels", "phải là tiểu học hoặc trung học cơ sở")
      }
    }
    guard levels.isEmpty == (kind != .school) else {
      throw .invalid("organization.levels", "trường phải có cấp học, đơn vị khác thì không")
    }
    return levels
  }
}

/// What changes of an organisation; `nil` leaves a field as it is.
struct OrganizationChange: Sendable {
  let displayName: String?
  let parent: String?
  let changesValidTo: Bool
  let validTo: String?

  init(
    _ wire: IdentityV1.Organization,
    fields: Set<String>,
    parent: String?
  ) throws(Problem) {
    displayName =
      fields.contains("display_name")
      ? try RequestText.required(wire.displayName, "organization.display_name", limit: 200) : nil
    self.parent = parent
    changesValidTo = fields.contains("valid_to")
    validTo =
      !changesValidTo || wire.validTo.isEmpty
      ? nil : try RequestText.date(wire.validTo, "organization.valid_to")
  }
}
