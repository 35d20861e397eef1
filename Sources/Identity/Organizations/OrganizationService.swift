import API
import Foundation
import Postgres
import Protobuf
import ServiceKit

/// Organisations over time: `hocba.identity.v1.OrganizationService`.
struct OrganizationService: IdentityV1.OrganizationServiceProvider {
  let kit: Kit
  let pages: PageTokens

  /// `rpc GetOrganization`.
  func getOrganization(
    _ request: IdentityV1.GetOrganizationRequest,
    _ call: Call
  ) async throws -> IdentityV1.Organization {
    let id = try call.id(of: request.name, in: "organizations", field: "name")
    let grant = try await call.authorize(on: id)
    let row = try await call.read(grant) { try await $0.organizationRow(id) }
    guard let row else { throw Problem.notAllowed }
    return row.wire
  }

  /// `rpc ListOrganizations`.
  func listOrganizations(
    _ request: IdentityV1.ListOrganizationsRequest,
    _ call: Call
  ) async throws -> IdentityV1.ListOrganizationsResponse {
    let roots: [String]
    let grant: Grant
    if request.parent.isEmpty {
      grant = try call.authorizeAnywhere()
      roots = try call.caller.roles.map(\.organization)
    } else {
      let id = try call.id(of: request.parent, in: "organizations", field: "parent")
      grant = try await call.authorize(on: id)
      roots = [id]
    }
    let size = try PageTokens.size(request.pageSize)
    let arguments = [request.parent, request.code]
    let after = try pages.key(of: request.pageToken, arguments: arguments)
    let rows = try await call.read(grant) { transaction in
      try await transaction.organizations(
        below: roots,
        code: request.code.isEmpty ? nil : request.code,
        after: after,
        limit: size + 1
      )
    }
    var answer = IdentityV1.ListOrganizationsResponse(
      organizations: rows.prefix(size).map(\.wire)
    )
    if rows.count > size {
      answer.nextPageToken = pages.make(after: rows[size - 1].pageKey, arguments: arguments)
    }
    return answer
  }

  /// `rpc CreateOrganization`.
  func createOrganization(
    _ request: IdentityV1.CreateOrganizationRequest,
    _ call: Call
  ) async throws -> IdentityV1.Organization {
    let wire = request.organization ?? .init()
    let parent = try call.id(of: wire.parent, in: "organizations", field: "organization.parent")
    let grant = try await call.authorize(on: parent)
    let organization = try NewOrganization(wire, parent: parent, today: kit.clock.today)
    let id = try ResourceID.make(now: kit.clock.now)
    return try await call.write(grant, request.requestID, request) { write in
      try await write.transaction.require(organization.parent, above: organization.kind)
      do {
        try await write.transaction.insert(organization, id: id)
      } catch StoreError.constraint(name: "organization_code", _) {
        throw IdentityError.organizationCodeTaken(code: organization.code)
      }
      return try await written(id, write)
    }
  }

  /// `rpc UpdateOrganization`.
  func updateOrganization(
    _ request: IdentityV1.UpdateOrganizationRequest,
    _ call: Call
  ) async throws -> IdentityV1.Organization {
    let wire = request.organization ?? .init()
    let id = try call.id(of: wire.name, in: "organizations", field: "organization.name")
    let grant = try await call.authorize(on: id)
    let fields = Set(request.updateMask?.paths ?? [])
    guard !fields.isEmpty, fields.isSubset(of: ["display_name", "parent", "valid_to"]) else {
      throw Problem.invalid("update_mask", "phải gồm display_name, parent hoặc valid_to")
    }
    var parent: String?
    if fields.contains("parent") {
      let new = try call.id(of: wire.parent, in: "organizations", field: "organization.parent")
      // Moving a unit needs the right over the place that loses it and the place that gets it.
      if let old = try await kit.path(of: id).dropFirst().first {
        _ = try await call.authorize(on: old)
      }
      _ = try await call.authorize(on: new)
      parent = new
    }
    let change = try OrganizationChange(wire, fields: fields, parent: parent)
    return try await call.write(grant, request.requestID, request) { write in
      let before = try await write.transaction.organizationToChange(id)
      guard let before, "\(before.version)" == wire.etag else { throw Problem.etagMismatch }
      try await write.transaction.apply(change, to: before)
      return try await written(id, write, before: before)
    }
  }

  /// The organisation as it stands now in the transaction, noted in the ledger.
  private func written(
    _ id: String,
    _ write: Write,
    before: OrganizationRow? = nil
  ) async throws -> IdentityV1.Organization {
    guard let row = try await write.transaction.organizationRow(id) else {
      throw Problem.internalError
    }
    write.note(
      "organizations/\(id)",
      before: before?.wire.encoded() ?? [],
      after: row.wire.encoded()
    )
    return row.wire
  }
}

extension Transaction {
  /// Refuses a parent that is not above a kind of unit.
  ///
  /// - Throws: `Problem` `FIELD_INVALID`.
  fileprivate func require(_ parent: String, above kind: OrganizationKind) async throws {
    let row = try await organizationRow(parent)
    guard let above = row.flatMap({ OrganizationKind(rawValue: $0.kind) }), above.isAbove(kind)
    else { throw Problem.invalid("organization.parent", "phải là một đơn vị cấp trên") }
  }

  /// Changes an organisation, if what comes out is one.
  fileprivate func apply(_ change: OrganizationChange, to row: OrganizationRow) async throws {
    if let parent = change.parent {
      guard let kind = OrganizationKind(rawValue: row.kind) else { throw Problem.internalError }
      try await require(parent, above: kind)
    }
    if let last = change.validTo, last < row.validFrom {
      throw Problem.invalid("organization.valid_to", "không được trước valid_from")
    }
    do {
      try await update(row.id, change)
    } catch StoreError.constraint(name: "organization_code", _) {
      throw IdentityError.organizationCodeTaken(code: row.code)
    }
  }
}
