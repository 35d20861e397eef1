package import Foundation
import TestTools

/// An installation of its own: a PostgreSQL, the four services, their secrets and ports, made by
/// the scripts that `make demo` uses, in a folder that goes with it.
package struct Installation: Sendable {
  /// The folder of everything that it keeps.
  package let state: URL
  /// Identity's port; records, signing and reporting follow.
  package let firstPort: Int
  /// The folder of the programs.
  package let programs: URL

  /// The services, in the order of their ports.
  package static let services = ["identity", "records", "signing", "reporting"]

  /// Chooses ports, and a folder if none is given; starts nothing.
  package init(state: URL? = nil) throws {
    let name = "hocba-\(UInt32.random(in: 0 ... .max))"
    self.state = state ?? FileManager.default.temporaryDirectory.appending(path: name)
    // Below the ports that the system gives to clients.
    firstPort = 20_000 + 4 * Int.random(in: 0..<3_000)
    let program = URL(filePath: CommandLine.arguments[0]).standardizedFileURL
    programs = program.deletingLastPathComponent()
    // PostgreSQL's own user must be able to reach its folder in here.
    try FileManager.default.createDirectory(
      at: self.state,
      withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o711]
    )
  }

  /// What the scripts and `hocba` need to know.
  package var environment: [String: String] {
    [
      "HOCBA_DEMO_PORT": "\(firstPort)", "HOCBA_PROFILE": path("profile.json"),
      "LC_ALL": "C.UTF-8",
    ]
  }

  /// The path of something in the folder.
  package func path(_ name: String) -> String { state.appending(path: name).plainPath }

  /// Runs one of the scripts of `deploy`, and gives what it says if it fails.
  @discardableResult
  package func script(_ name: String, _ arguments: String...) async throws -> Outcome {
    let script = Repository.root.appending(path: "deploy/scripts/\(name).sh").plainPath
    let outcome = try await Program.run("/bin/sh", [script] + arguments, environment: environment)
    guard outcome.status == 0 else { throw outcome.failure(of: name) }
    return outcome
  }

  /// An empty installation, running.
  package func prepare() async throws {
    try await script("prepare", programs.plainPath, state.plainPath)
  }

  /// The whole demo with a district: afterwards all of it is imported, signed and verified.
  @discardableResult
  package func demo(_ district: URL) async throws -> Outcome {
    try await script("demo", programs.plainPath, state.plainPath, district.plainPath, path("out"))
  }

  /// The main job of the demo in the installation as it stands, whatever it comes to.
  package func demonstrate(_ district: URL) async throws -> Outcome {
    try await hocba(
      "demo",
      "--district",
      district.plainPath,
      "--out",
      path("out"),
      "--state",
      state.plainPath,
      "--identity",
      "127.0.0.1:\(firstPort)",
      "--records",
      "127.0.0.1:\(firstPort + 1)",
      "--signing",
      "127.0.0.1:\(firstPort + 2)",
      "--reporting",
      "127.0.0.1:\(firstPort + 3)",
      "--tls-ca",
      path("tls/ca.crt"),
      "--certificate-authority",
      Repository.root.appending(path: "deploy/pki/dev-ca.sh").plainPath
    )
  }

  /// Starts the services that do not run.
  package func start() async throws {
    try await script("services", "start", programs.plainPath, state.plainPath)
  }

  /// The process id of a service.
  package func processID(_ service: String) throws -> Int32 {
    let text = try String(contentsOfFile: path("run/\(service).pid"), encoding: .utf8)
    guard let id = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return id
  }

  /// Whether a process runs; one that has ended may still have an id.
  package static func isRunning(_ id: Int32) -> Bool {
    let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
    let state = stat?.split(separator: ") ").last?.first
    return state != nil && state != "Z" && state != "X"
  }

  /// Ends a service as a power cut would, and starts it again.
  package func crash(_ service: String) async throws {
    let id = try processID(service)
    kill(id, SIGKILL)
    while Self.isRunning(id) { try await Task.sleep(for: .milliseconds(2)) }
    try await start()
  }

  /// `hocba`, as whoever is signed in.
  package func hocba(_ arguments: String...) async throws -> Outcome {
    try await hocba(arguments)
  }

  /// `hocba`, as whoever is signed in.
  package func hocba(_ arguments: [String]) async throws -> Outcome {
    try await Program.run(
      programs.appending(path: "hocba").plainPath,
      arguments,
      environment: environment
    )
  }

  /// The superuser's connection string.
  package func databaseURL() async throws -> String {
    try await script("postgres", "url", path("postgres")).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The one value of a query, as text; made by the superuser, who sees every school.
  package func value(_ sql: String) async throws -> String {
    let outcome = try await Program.run(
      "/usr/bin/env",
      ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", try await databaseURL(), "-c", sql]
    )
    guard outcome.status == 0 else { throw outcome.failure(of: "psql") }
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Stops all of it; the data stay.
  package func stop() async throws {
    try await script("services", "stop", programs.plainPath, state.plainPath)
    try await script("postgres", "stop", path("postgres"))
  }

  /// Stops all of it and removes it.
  package func remove() async throws {
    try await stop()
    try await script("postgres", "clean", path("postgres"))
    try FileManager.default.removeItem(at: state)
  }
}

extension Outcome {
  fileprivate func failure(of program: String) -> TestFailure {
    TestFailure("\(program): status \(status)\n\(output)\n\(errors)")
  }
}
