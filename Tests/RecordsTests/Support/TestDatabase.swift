import Foundation
import Logging
import Postgres
import Schema

/// A database of its own in the server that `HOCBA_TEST_DATABASE` names.
struct TestDatabase: Sendable {
  let name: String
  private let server: String

  /// What keeps a test from running at all.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Makes an empty database with the schemas of this version.
  static func empty(_ name: String) async throws -> TestDatabase {
    let database = try TestDatabase(name)
    try database.administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    try database.administer("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8'")
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let owner = Database(DatabaseConfiguration(database.url()), logger: logger)
    _ = try await SchemaMigrations.prepare(owner)
    await owner.shutdown()
    return database
  }

  /// Makes a copy of a database that nobody uses at the moment.
  func copy() throws -> TestDatabase {
    let copy = try TestDatabase("\(name)_\(UInt32.random(in: 0 ... .max))")
    try administer("CREATE DATABASE \(copy.name) TEMPLATE \(name)")
    return copy
  }

  private init(_ name: String) throws {
    guard let server = ProcessInfo.processInfo.environment["HOCBA_TEST_DATABASE"] else {
      throw Failure(description: "set HOCBA_TEST_DATABASE to the URL of a superuser's database")
    }
    self.name = name
    self.server = server
  }

  func drop() throws { try administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }

  /// A connection string under the rights of a service's login role.
  func connection(as service: String) -> String {
    url("&options=-c%20role%3Dhocba_\(service)%20-c%20search_path%3D\(service)")
  }

  /// Runs statements as superuser.
  ///
  /// - Returns: What they give, a line a row, columns parted by `|`.
  @discardableResult
  func run(_ script: String) throws -> [String] { try psql(url(), script) }

  private func administer(_ statement: String) throws { try psql(server, statement) }

  private func url(_ more: String = "") -> String {
    server + (server.contains("?") ? "&" : "?") + "dbname=\(name)" + more
  }

  @discardableResult
  private func psql(_ url: String, _ script: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(script.utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: "psql: \(script)") }
    return text.split(separator: "\n").map(String.init)
  }
}
