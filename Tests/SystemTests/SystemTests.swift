import Foundation
import SystemSupport
import TestTools
import Testing

/// The whole system as it is run: four processes, a PostgreSQL, the command line, clients that are
/// not ours.
///
/// One after the other, since each of them keeps a whole installation busy.
@Suite(.serialized)
struct SystemTests {
  /// What is asked of an installation whose demo has run.
  @Suite(.demonstrated)
  struct AfterDemo {}
}

/// Runs a suite beside an installation whose demo has run.
struct Demonstrated: SuiteTrait, TestScoping {
  /// The installation of the tests that run now.
  @TaskLocal static var installation: Installation?

  @concurrent func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    // Before the long preparations, if it is missing.
    _ = try Shell.python
    let installation = try Installation()
    let outcome: Result<Void, any Error>
    do {
      try await installation.demo(Repository.district)
      try await Self.$installation.withValue(installation) { try await function() }
      outcome = .success(())
    } catch {
      outcome = .failure(error)
    }
    try await installation.remove()
    try outcome.get()
  }
}

extension Trait where Self == Demonstrated {
  /// Beside an installation whose demo has run.
  static var demonstrated: Self { Self() }
}

/// The installation whose demo has run.
func demonstrated() throws -> Installation { try #require(Demonstrated.installation) }

/// An installation of the test's own, removed at its end.
func withInstallation(_ body: (Installation) async throws -> Void) async throws {
  let installation = try Installation()
  let outcome: Result<Void, any Error>
  do { outcome = .success(try await body(installation)) } catch { outcome = .failure(error) }
  try await installation.remove()
  try outcome.get()
}

extension Installation {
  /// Runs a script of the folder `Python`.
  func python(_ script: String, _ arguments: [String]) async throws -> Outcome {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Python")
    let own = [
      "HOCBA_STATE": state.plainPath, "HOCBA_FIRST_PORT": "\(firstPort)",
      "HOCBA_PROTO": Repository.root.appending(path: "proto").plainPath,
      "PYTHONDONTWRITEBYTECODE": "1",
    ]
    return try await Program.run(
      Shell.python,
      [folder.appending(path: script).plainPath] + arguments,
      environment: own
    )
  }

  /// Makes the small district that is not the sample.
  func makeDistrict() async throws -> URL {
    let folder = state.appending(path: "district")
    let made = try await python("district.py", [folder.plainPath])
    try #require(made.status == 0, "\(made.errors)")
    return folder
  }

  /// Compares the results of a year, as `hocba` prints them, with those that stand in a file.
  func expectResults(of year: String, toBe file: URL) async throws {
    let printed = try await hocba("results", "--year", year, "--json")
    #expect(printed.status == 0, "\(printed.errors)")
    let found = try JSONSerialization.jsonObject(with: Data(printed.output.utf8))
    let expected = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    let pupils = try #require((found as? [String: Any])?["students"] as? [String: NSDictionary])
    let wanted = try #require((expected as? [String: Any])?["students"] as? [String: NSDictionary])
    #expect(Set(pupils.keys) == Set(wanted.keys))
    for (code, pupil) in wanted { #expect(pupils[code] == pupil, "\(code)") }
    #expect((found as? [String: Any])?["schoolYear"] as? String == year)
  }
}
