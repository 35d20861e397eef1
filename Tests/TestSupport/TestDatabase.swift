import Foundation
import Logging
import Postgres
import Schema
import TestTools

/// A database of its own in the server that `HOCBA_TEST_DATABASE` names.
package struct TestDatabase: Sendable {
  package let name: String
  private let server: String

  /// Runs a test over a database of its own that has the sample organisations.
  package static func with(_ body: (TestDatabase) async throws -> Void) async throws {
    try await sample.value.withCopy(body)
  }

  /// Runs a test over a copy of a database that nobody uses at the moment.
  package func withCopy(_ body: (TestDatabase) async throws -> Void) async throws {
    await Self.turnstile.enter()
    do {
      let database = try copy()
      do {
        try await body(database)
      } catch {
        try? database.drop()
        throw error
      }
      try database.drop()
    } catch {
      await Self.turnstile.leave()
      throw error
    }
    await Self.turnstile.leave()
  }

  private static let turnstile = Turnstile(places: 6)

  /// The sample organisations and nobody, made once a run.
  private static let sample = Task {
    let database = try await TestDatabase.empty("hocba_service_tests")
    try database.run(SampleOrganizations.script)
    return database
  }

  /// Makes an empty database with the schemas of this version.
  package static func empty(_ name: String) async throws -> TestDatabase {
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

  private func copy() throws -> TestDatabase {
    let copy = try TestDatabase("\(name)_\(UInt32.random(in: 0 ... .max))")
    try administer("CREATE DATABASE \(copy.name) TEMPLATE \(name)")
    return copy
  }

  private init(_ name: String) throws {
    guard let server = ProcessInfo.processInfo.environment["HOCBA_TEST_DATABASE"] else {
      throw TestFailure(
        "set HOCBA_TEST_DATABASE to the URL of a superuser's database (make test does)"
      )
    }
    self.name = name
    self.server = server
  }

  private func drop() throws { try administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }

  /// A connection string under the rights of a service's login role.
  package func connection(as service: String) -> String {
    url("&options=-c%20role%3Dhocba_\(service)%20-c%20search_path%3D\(service)")
  }

  /// Runs statements as superuser.
  ///
  /// - Returns: What they give, a line a row, columns parted by `|`.
  @discardableResult
  package func run(_ script: String) throws -> [String] { try psql(url(), script) }

  private func administer(_ statement: String) throws { try psql(server, statement) }

  private func url(_ more: String = "") -> String {
    server + (server.contains("?") ? "&" : "?") + "dbname=\(name)" + more
  }

  @discardableResult
  private func psql(_ url: String, _ script: String) throws -> [String] {
    let (status, output) = try Shell.run(
      ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url],
      input: Array(("SET client_min_messages = warning;\n" + script).utf8)
    )
    guard status == 0 else { throw TestFailure("psql: \(script)\n\(output)") }
    return output.split(separator: "\n").map(String.init)
  }
}
