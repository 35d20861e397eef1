import API
import ArgumentParser
import Foundation

/// A district that is brought in, signed and verified, every person of it played by this process.
struct Demo: Sendable {
  let services: Services
  let folders: [SchoolFolder]
  /// Folder with `secrets/`, `pki/` and the profile.
  let state: String
  /// Folder of the signed transcripts.
  let out: String
  /// The development authority's script.
  let authority: String
  let stages: Stages

  /// A school with its workbooks.
  struct Place: Sendable {
    let school: School
    let folder: SchoolFolder
  }

  /// A class with its school.
  struct Class: Sendable {
    let school: School
    let year: String
    let entry: RecordsV1.SchoolClass
  }

  /// All of it, in the order in which a school year goes; status 1 if a file was refused or a
  /// transcript did not pass.
  func run(_ addresses: Profile) async throws {
    let administrator = try desk("admin")
    let (office, places) = try await makeOrganizations(administrator)
    let officer = try await makeOfficer(administrator, at: office)
    try saveProfile(addresses)
    let (rosters, refusedRosters) = try await bringInRosters(officer, places)
    let accounts = try await provision(rosters, officer, administrator)
    let signers = try await certify(rosters, accounts)
    let refused = refusedRosters + (try await bringInMarks(officer, rosters))
    let classes = try await compute(officer, rosters)
    let electronic = classes.filter(\.entry.electronicTranscript)
    try await signSheets(officer, electronic, signers)
    try await signTranscripts(officer, electronic, signers)
    try await showRefusals(officer, classes, signers)
    let files = try await fetch(officer, electronic)
    let isGood = try await verify(files)
    try await report(officer, office, Set(classes.map(\.year)).sorted())
    farewell(files, year: classes.first?.year, refused)
    if !isGood || !refused.isEmpty { throw ExitCode(1) }
  }

  /// The desk of somebody whose password lies in the state folder.
  func desk(_ login: String, in folder: String = "secrets") throws -> Desk {
    let password = try SecretFile.password("\(state)/\(folder)/\(login).password")
    return Desk(
      services: services,
      account: Account(login, password: password, at: services.identity)
    )
  }

  /// What later commands work with: the officer, the addresses, the trust list.
  private func saveProfile(_ addresses: Profile) throws {
    var profile = addresses
    profile.login = Self.officerLogin
    profile.passwordFile = "\(state)/secrets/\(Self.officerLogin).password"
    profile.trustFile = "\(state)/pki/ca.crt"
    profile.revocationFile = "\(state)/pki/ca.crl"
    try profile.write(to: "\(state)/profile.json")
  }

  static let officerLogin = "officer"
}
