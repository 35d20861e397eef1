import API
import GRPC
import Roster

/// Accounts for a school's staff.
struct StaffAccounts: Sendable {
  /// Who reads the school's staff.
  let reader: Desk
  /// Who makes accounts.
  let administrator: Desk
  /// Folder of the first passwords, one file a person, each for its owner alone.
  let passwords: String

  /// What became of one member of staff.
  struct Account: Sendable {
    let member: RecordsV1.StaffMember
    let role: IdentityV1.RoleKind
    let login: String
    let outcome: Outcome
  }

  /// Whether there is an account now.
  enum Outcome: Sendable, Equatable {
    case made
    case existed
    case refused(Complaint)

    /// In words, for people.
    var text: String {
      switch self {
      case .made: words("mới", "new")
      case .existed: words("đã có", "was there")
      case .refused(let complaint): complaint.text
      }
    }
  }

  /// Makes the accounts that are missing; those that are there stay as they are, and one that is
  /// refused does not keep the others.
  ///
  /// `principal` is the staff code of who heads the school, whatever position the roster has.
  func provision(_ school: School, principal: String? = nil) async throws -> [Account] {
    let staff = try await reader.call {
      try await reader.roster.listStaff(.init(parent: school.records), options: $0)
    }.staff
    return try await inParallel(staff) { member in
      let role = member.code == principal ? .principal : Self.role(of: member.position)
      return try await make(member, as: role, school)
    }
  }

  /// The password file of a login.
  func passwordFile(_ login: String) -> String { "\(passwords)/\(login).password" }

  private func make(
    _ member: RecordsV1.StaffMember,
    as role: IdentityV1.RoleKind,
    _ school: School
  ) async throws -> Account {
    let login = member.code.lowercased()
    let request = IdentityV1.CreatePersonRequest(
      person: .init(
        login: login,
        displayName: member.displayName,
        staffCode: member.code,
        personalID: member.personalID,
        email: member.email
      ),
      role: .init(kind: role, organization: school.organization),
      password: try SecretFile.firstPassword(passwordFile(login)),
      requestID: Desk.requestID()
    )
    var outcome = Outcome.made
    do {
      _ = try await administrator.call {
        try await administrator.people.createPerson(request, options: $0)
      }
    } catch let error as RPCError where error.code == .alreadyExists {
      outcome = .existed
    } catch let error as RPCError where error.code == .invalidArgument {
      outcome = .refused(Complaint(error))
    }
    return Account(member: member, role: role, login: login, outcome: outcome)
  }

  /// The role that a position (*chức vụ*) gives.
  static func role(of position: String) -> IdentityV1.RoleKind {
    switch StaffPosition(named: position) {
    case .principal: .principal
    case .deputyPrincipal: .deputyPrincipal
    case .clerk: .clerk
    default: .teacher
    }
  }
}
