import API
import Crypto
import Foundation
import Postgres
import Protobuf
import ServiceKit

/// People with accounts: `hocba.identity.v1.PersonService`.
struct PersonService: IdentityV1.PersonServiceProvider {
  let kit: Kit
  let pages: PageTokens
  let passwords: PasswordGate

  /// `rpc GetPerson`.
  func getPerson(
    _ request: IdentityV1.GetPersonRequest,
    _ call: Call
  ) async throws -> IdentityV1.Person {
    let id = try call.id(of: request.name, in: "people", field: "name")
    let grant = try await call.authorize(onPerson: id)
    let row = try await call.read(grant) { try await $0.personRow(id) }
    guard let row else { throw Problem.notAllowed }
    return row.wire(showsPersonalID: await call.mayManage(id))
  }

  /// `rpc ListPeople`.
  func listPeople(
    _ request: IdentityV1.ListPeopleRequest,
    _ call: Call
  ) async throws -> IdentityV1.ListPeopleResponse {
    let parent = try call.id(of: request.parent, in: "organizations", field: "parent")
    let grant = try await call.authorize(on: parent)
    let size = try PageTokens.size(request.pageSize)
    let after = try pages.key(of: request.pageToken, arguments: [request.parent])
    let rows = try await call.read(grant) { transaction in
      try await transaction.people(below: parent, after: after, limit: size + 1)
    }
    var answer = IdentityV1.ListPeopleResponse(
      people: rows.prefix(size).map { $0.wire(showsPersonalID: false) }
    )
    if rows.count > size {
      answer.nextPageToken = pages.make(
        after: rows[size - 1].login,
        arguments: [request.parent]
      )
    }
    return answer
  }

  /// `rpc CreatePerson`.
  func createPerson(
    _ request: IdentityV1.CreatePersonRequest,
    _ call: Call
  ) async throws -> IdentityV1.Person {
    let role = request.role ?? .init()
    let organization = try call.id(
      of: role.organization,
      in: "organizations",
      field: "role.organization"
    )
    let grant = try await call.authorize(on: organization)
    let person = try NewPerson(request.person ?? .init())
    guard let kind = RoleKind(role.kind) else {
      throw Problem.invalid("role.kind", "phải là một nhiệm vụ")
    }
    let hash =
      request.password.isEmpty
      ? "" : try await Password.hash(request.password, login: person.login)
    let id = try ResourceID.make(now: kit.clock.now)
    var asked = request
    // What is stored of the request must be of no use for guessing its password.
    asked.password = ""
    return try await call.write(grant, request.requestID, asked) { write in
      try await write.transaction.require(kind, toFit: organization)
      do {
        try await write.transaction.insert(person, id: id, passwordHash: hash)
      } catch StoreError.constraint(name: "person_login", _) {
        throw IdentityError.loginTaken(login: person.login)
      }
      let first = NewRole(
        id: try ResourceID.make(now: kit.clock.now),
        kind: kind,
        organization: organization,
        startDate: kit.clock.today,
        endDate: nil
      )
      try await write.transaction.insert(first, of: id)
      return try await written(id, write)
    }
  }

  /// `rpc UpdatePerson`.
  func updatePerson(
    _ request: IdentityV1.UpdatePersonRequest,
    _ call: Call
  ) async throws -> IdentityV1.Person {
    let wire = request.person ?? .init()
    let id = try call.id(of: wire.name, in: "people", field: "person.name")
    let grant = try await call.authorize(onPerson: id)
    let fields = Set(request.updateMask?.paths ?? [])
    guard !fields.isEmpty, fields.isSubset(of: ["display_name", "email", "disabled"]) else {
      throw Problem.invalid("update_mask", "phải gồm display_name, email hoặc disabled")
    }
    // One's own name and account are for others to change; the address is one's own.
    if fields != ["email"], !(await call.isAdministrator(of: id)) { throw Problem.notAllowed }
    let change = try PersonChange(wire, fields: fields)
    return try await call.write(grant, request.requestID, request) { write in
      let before = try await write.transaction.personToChange(id)
      guard let before, "\(before.version)" == wire.etag else { throw Problem.etagMismatch }
      try await write.transaction.update(id, change)
      return try await written(id, write, before: before)
    }
  }

  /// `rpc SetPassword`.
  func setPassword(
    _ request: IdentityV1.SetPasswordRequest,
    _ call: Call
  ) async throws -> IdentityV1.SetPasswordResponse {
    let id = try call.id(of: request.name, in: "people", field: "name")
    let grant = try await call.authorize(onPerson: id)
    guard let person = try await call.read(grant, { try await $0.credentials(ofPerson: id) }) else {
      throw Problem.notAllowed
    }
    // Whoever holds a stolen token must not be able to keep the account.
    var isAllowed = true
    if try call.caller.id == id {
      isAllowed = try await passwords.isRight(
        request.currentPassword,
        of: person.login,
        hash: person.passwordHash
      )
    }
    let hash = try await Password.hash(request.newPassword, login: person.login)
    var asked = request
    asked.currentPassword = ""
    asked.newPassword = ""
    return try await call.write(grant, request.requestID, asked) { [isAllowed] write in
      // Asked in here, since a repeated call finds that its present password is no more.
      guard isAllowed else { throw Problem.notAllowed }
      try await write.transaction.setPassword(of: id, hash: hash)
      try await write.transaction.forgetAttempts(ofLogin: person.login)
      write.note("people/\(id)", after: Array("password".utf8))
      return .init()
    }
  }

  private func written(
    _ id: String,
    _ write: Write,
    before: PersonRow? = nil
  ) async throws -> IdentityV1.Person {
    guard let row = try await write.transaction.personRow(id) else { throw Problem.internalError }
    let person = row.wire(showsPersonalID: true)
    let earlier = before?.wire(showsPersonalID: true).encoded() ?? []
    write.note("people/\(id)", before: earlier, after: person.encoded())
    return person
  }
}

/// Passwords as they are accepted.
enum Password {
  /// Hashes a new password.
  ///
  /// Length is what counts (NIST SP 800-63B section 5.1.1.2): 12 to 128 characters, without the
  /// login in it.
  static func hash(_ password: String, login: String) async throws -> String {
    guard (12...128).contains(password.count), !password.lowercased().contains(login),
      password.utf8.count <= PasswordHash.maximumLength
    else {
      throw IdentityError.passwordTooWeak
    }
    return try await PasswordHash.make(password)
  }
}

extension Call {
  /// Asks for a person: the caller's own account, or one whose every place the caller may reach.
  func authorize(onPerson id: String) async throws -> Grant {
    guard ResourceID.isValid(id) else { throw Problem.notAllowed }
    if try caller.id == id, let own = try caller.roles.first?.organization {
      return try await authorize(on: own, relations: [.itself])
    }
    let places = try await kit.database.organizations(ofPerson: id)
    guard let first = places.first else { throw Problem.notAllowed }
    for place in places.dropFirst() { _ = try await authorize(on: place) }
    return try await authorize(on: first)
  }

  /// Whether the caller may see a person's personal id: the person, or who manages people.
  func mayManage(_ id: String) async -> Bool {
    if (try? caller.id) == id { return true }
    return await isAdministrator(of: id)
  }

  /// Whether the caller manages people wherever the person has a role.
  func isAdministrator(of id: String) async -> Bool {
    guard let places = try? await kit.database.organizations(ofPerson: id), !places.isEmpty else {
      return false
    }
    for place in places {
      guard (try? await authorize(.managePeople, on: place)) != nil else { return false }
    }
    return true
  }
}
