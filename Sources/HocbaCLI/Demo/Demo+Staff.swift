import API
import Crypto
import Foundation
import GRPC

extension Demo {
  /// Those who sign, by school and staff code, and the seals.
  struct Signers: Sendable {
    /// By the school's id, then the staff code.
    var staff: [String: [String: Signer]] = [:]
    /// By the school's id.
    var principals: [String: Signer] = [:]
    var seals: [String: Signer] = [:]

    func of(_ code: String, at school: School) -> Signer? { staff[school.id]?[code] }
  }

  /// Accounts of the schools' staff, by the school's id.
  func provision(
    _ places: [Place],
    _ officer: Desk,
    _ administrator: Desk
  ) async throws -> [String: [StaffAccounts.Account]] {
    try await stages.run("Tài khoản cán bộ, giáo viên", "Accounts of staff") {
      let maker = StaffAccounts(
        reader: officer,
        administrator: administrator,
        passwords: "\(state)/secrets/staff"
      )
      var accounts: [String: [StaffAccounts.Account]] = [:]
      for place in places {
        accounts[place.school.id] = try await maker.provision(
          place.school,
          principal: place.folder.description?.principal
        )
      }
      for account in accounts.values.flatMap({ $0 }) where !account.canSignIn {
        stages.complain([(name: account.login, text: account.outcome.text)])
      }
      accounts = accounts.mapValues { $0.filter(\.canSignIn) }
      let count = accounts.values.reduce(0) { $0 + $1.count }
      return (words("\(count) tài khoản", "\(count) accounts"), accounts)
    }
  }

  /// A certificate for each member of staff and a seal for each school, registered by their
  /// holders.
  func certify(
    _ places: [Place],
    _ accounts: [String: [StaffAccounts.Account]]
  ) async throws -> Signers {
    try await stages.run("Chứng thư số cá nhân và con dấu", "Certificates and seals") {
      var lines: [AuthorityLine] = []
      for place in places {
        let school = place.school
        lines.append(
          .init("seal", school.code, school.displayName, school.code, school.displayName)
        )
        for account in accounts[school.id] ?? [] {
          let member = account.member
          lines.append(
            .init("person", member.code, member.displayName, member.personalID, school.displayName)
          )
        }
      }
      try issue(lines)
      var signers = Signers()
      for place in places {
        try await register(place, accounts[place.school.id] ?? [], &signers)
      }
      return (words("\(lines.count) chứng thư số", "\(lines.count) certificates"), signers)
    }
  }

  private func register(
    _ place: Place,
    _ accounts: [StaffAccounts.Account],
    _ signers: inout Signers
  ) async throws {
    let school = place.school
    // Each signs in as themselves, and proves to have the key.
    let made = try await inParallel(accounts) { account in
      try await signer(account).map { (account, $0) }
    }.compactMap { $0 }
    let staff = Dictionary(made.map { ($0.0.member.code, $0.1) }) { first, _ in first }
    signers.staff[school.id] = staff
    let named = place.folder.description?.principal.flatMap { staff[$0] }
    let principal = named ?? made.first { $0.0.role == .principal }?.1
    signers.principals[school.id] = principal
    let keeper = made.first { $0.0.role == .clerk }?.1 ?? principal
    guard let keeper else { return }
    let key = try signingKey(school.code)
    let name = try await keeper.desk.register(key, to: school.organization)
    signers.seals[school.id] = Signer(desk: keeper.desk, key: key, certificate: name)
  }

  /// A member of staff with a certificate; `nil` if it would not be registered.
  private func signer(_ account: StaffAccounts.Account) async throws -> Signer? {
    do {
      let desk = try self.desk(account.login, in: "secrets/staff")
      let person = try await desk.account.signIn().person?.name ?? ""
      let key = try signingKey(account.member.code)
      let name = try await desk.register(key, to: person)
      return Signer(desk: desk, key: key, certificate: name)
    } catch let error as RPCError where error.code == .failedPrecondition {
      stages.complain([(name: account.login, text: Complaint(error).text)])
      return nil
    }
  }

  private func signingKey(_ code: String) throws -> SigningKey {
    try SigningKey(
      certificateFile: "\(state)/pki/\(code).crt",
      keyFile: "\(state)/pki/\(code).key"
    )
  }

  /// Has the development authority issue what is missing.
  private func issue(_ lines: [AuthorityLine]) throws {
    for line in lines {
      // The authority keeps what it has issued under a code; of another district's school with the
      // same code that is somebody else's.
      let path = "\(state)/pki/\(line.code).crt"
      guard let pem = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
        continue
      }
      let known = try? Certificate(pem: pem)
      guard known?.commonName != line.name || known?.subjectSerialNumber != line.serialNumber else {
        continue
      }
      try FileManager.default.removeItem(atPath: path)
    }
    let script = Process()
    script.executableURL = URL(filePath: "/bin/sh")
    script.arguments = [authority, "\(state)/pki"]
    let input = Pipe()
    script.standardInput = input
    try script.run()
    try input.fileHandleForWriting.write(contentsOf: Data(lines.map(\.text).joined().utf8))
    try input.fileHandleForWriting.close()
    script.waitUntilExit()
    guard script.terminationStatus == 0 else {
      throw Failure(
        words("Tổ chức chứng thực thử nghiệm báo lỗi.", "The development authority failed.")
      )
    }
  }
}

/// One line of the development authority's input.
private struct AuthorityLine: Sendable {
  let kind: String
  let code: String
  let name: String
  let personalID: String
  let organization: String

  init(
    _ kind: String,
    _ code: String,
    _ name: String,
    _ personalID: String,
    _ organization: String
  ) {
    self.kind = kind
    self.code = code
    self.name = name
    self.personalID = personalID
    self.organization = organization
  }

  /// What the authority writes as the subject's serial number.
  var serialNumber: String { personalID.isEmpty ? organization : personalID }

  var text: String { [kind, code, name, personalID, organization].joined(separator: "\t") + "\n" }
}

extension StaffAccounts.Account {
  /// Whether there is an account.
  fileprivate var canSignIn: Bool {
    if case .refused = outcome { false } else { true }
  }
}
