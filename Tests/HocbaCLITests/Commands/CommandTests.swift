import ArgumentParser
import Foundation
import Testing

@testable import HocbaCLI

@Suite("Commands")
struct CommandTests {
  @Test func `passwords of roles are read from password files`() throws {
    let folder = NSTemporaryDirectory() + "hocba-roles-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for service in ["identity", "records", "signing", "reporting"] {
      let line = #"*:*:*:hocba_\#(service):a\:b\\c"# + "\n"
      try SecretFile.write(Array(line.utf8), to: "\(folder)/\(service).pgpass")
    }
    let passwords = try MigrateCommand.passwords(in: folder)
    #expect(passwords.map(\.role).first == "hocba_identity")
    #expect(passwords.allSatisfy { $0.password == #"a:b\c"# })
    try SecretFile.write(Array("*:*:*:postgres:x".utf8), to: "\(folder)/signing.pgpass")
    #expect(throws: Failure.self) { try MigrateCommand.passwords(in: folder) }
  }

  @Test(
    arguments: [
      ["schools", "--json"], ["classes", "74725501", "--year", "2022-2023"],
      ["import", "a.xlsx", "--dry-run"],
      ["report", "progress", "--year", "2022-2023", "--by", "class"],
      ["verify", "a.xml", "--trust", "ca.crt", "--online"],
      ["health", "127.0.0.1:7411"], ["health", "a:1", "--plaintext"],
      ["migrate", "--database", "dbname=hocba"],
      [
        "sign", "transcripts", "--as", "seal", "--school", "1", "--class", "6A1", "--year",
        "2022-2023", "--certificate", "c", "--key", "k", "--signing", "127.0.0.1:1",
      ],
    ]
  )
  func `are understood`(arguments: [String]) throws {
    #expect(throws: Never.self) { try Hocba.parseAsRoot(arguments) }
  }

  @Test(
    arguments: [
      ["results"], ["health", "nowhere"], ["health", "a:1", "--tls-key", "k"],
      ["schools", "--plaintext", "--tls-ca", "ca.crt"],
      ["report", "progress", "--year", "y", "--by", "pupil"],
      ["no-such-command"],
    ]
  )
  func `wrong use is told from a refusal`(arguments: [String]) {
    do {
      _ = try Hocba.parseAsRoot(arguments)
      Issue.record("understood")
    } catch {
      #expect(Hocba.exitCode(for: error) == .validationFailure)
    }
  }

  @Test func `every command says what it is for`() {
    func check(_ command: any ParsableCommand.Type) {
      #expect(!command.configuration.abstract.isEmpty, "\(command)")
      for sub in command.configuration.subcommands { check(sub) }
    }
    check(Hocba.self)
    #expect(Hocba.configuration.subcommands.count > 10)
  }
}
