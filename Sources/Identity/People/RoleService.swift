import API
import Postgres
import Protobuf
import ServiceKit

/// Roles of people in organisations: `hocba.identity.v1.RoleService`.
struct RoleService: IdentityV1.RoleServiceProvider {
  let kit: Kit

  /// `rpc ListRoles`.
  func listRoles(
    _ request: IdentityV1.ListRolesRequest,
    _ call: Call
  ) async throws -> IdentityV1.ListRolesResponse {
    let person = try call.id(of: request.parent, in: "people", field: "parent")
    let grant = try await call.authorize(onPerson: person)
    let rows = try await call.read(grant) { try await $0.roles(of: person) }
    return .init(roles: rows.map(\.wire))
  }

  /// `rpc GrantRole`.
  ///
  /// Nobody gives themselves a role, whatever they may do for others.
  func grantRole(
    _ request: IdentityV1.GrantRoleRequest,
    _ call: Call
  ) async throws -> IdentityV1.Role {
    let wire = request.role ?? .init()
    let person = try call.id(of: request.parent, in: "people", field: "parent")
    let organization = try call.id(
      of: wire.organization,
      in: "organizations",
      field: "role.organization"
    )
    let grant = try await call.authorize(on: organization)
    guard ResourceID.isValid(person), try call.caller.id != person else { throw Problem.notAllowed }
    guard let kind = RoleKind(wire.kind) else {
      throw Problem.invalid("role.kind", "phải là một nhiệm vụ")
    }
    let role = NewRole(
      id: try ResourceID.make(now: kit.clock.now),
      kind: kind,
      organization: organization,
      startDate: wire.startDate.isEmpty
        ? kit.clock.today : try RequestText.date(wire.startDate, "role.start_date"),
      endDate: wire.endDate.isEmpty ? nil : try RequestText.date(wire.endDate, "role.end_date")
    )
    if let end = role.endDate, end < role.startDate {
      throw Problem.invalid("role.end_date", "không được trước start_date")
    }
    return try await call.write(grant, request.requestID, request) { write in
      guard try await write.transaction.personRow(person) != nil else { throw Problem.notAllowed }
      try await write.transaction.require(kind, toFit: organization)
      try await write.transaction.insert(role, of: person)
      return try await written(role.id, of: person, write)
    }
  }

  /// `rpc EndRole`.
  func endRole(
    _ request: IdentityV1.EndRoleRequest,
    _ call: Call
  ) async throws -> IdentityV1.Role {
    let parts = try call.parts(of: request.name, ["people", "roles"], field: "name")
    guard parts.allSatisfy(ResourceID.isValid),
      let place = try await kit.database.organization(ofRole: parts[1], person: parts[0])
    else { throw Problem.notAllowed }
    let grant = try await call.authorize(on: place)
    let day =
      request.endDate.isEmpty
      ? kit.clock.today : try RequestText.date(request.endDate, "end_date")
    return try await call.write(grant, request.requestID, request) { write in
      guard let role = try await write.transaction.role(parts[1], of: parts[0]) else {
        throw Problem.notAllowed
      }
      guard role.endDate.isEmpty || role.endDate > kit.clock.today else {
        throw IdentityError.roleEnded
      }
      guard day >= role.startDate else {
        throw Problem.invalid("end_date", "không được trước ngày bắt đầu \(role.startDate)")
      }
      try await write.transaction.endRole(parts[1], on: day)
      return try await written(parts[1], of: parts[0], write, before: role)
    }
  }

  private func written(
    _ id: String,
    of person: String,
    _ write: Write,
    before: RoleRow? = nil
  ) async throws -> IdentityV1.Role {
    guard let row = try await write.transaction.role(id, of: person) else {
      throw Problem.internalError
    }
    write.note(
      row.wire.name,
      before: before?.wire.encoded() ?? [],
      after: row.wire.encoded()
    )
    return row.wire
  }
}

extension Transaction {
  /// Refuses a role in a unit that has none such.
  ///
  /// - Throws: `Problem` `FIELD_INVALID`.
  func require(_ role: RoleKind, toFit organization: String) async throws {
    guard let row = try await organizationRow(organization),
      let kind = OrganizationKind(rawValue: row.kind)
    else { throw Problem.notAllowed }
    guard role.fits(kind) else {
      throw Problem.invalid("role.kind", "không phải là nhiệm vụ của đơn vị loại này")
    }
  }
}
