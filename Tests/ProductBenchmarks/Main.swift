import Foundation
import SystemSupport
import TestTools

/// `hocba-bench DIR [--json]`: measures the system, each figure beside a reference of the same run.
///
/// DIR keeps what the run makes: a private PostgreSQL, four services, the sample district. Nothing
/// is asserted about time: machines differ, and so do their neighbours.
@main
enum Main {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let folder = arguments.first(where: { !$0.hasPrefix("-") }) else {
      print("hocba-bench DIR [--json]")
      exit(2)
    }
    let installation = try Installation(state: URL(filePath: folder).absoluteURL)
    let measured: Result<[Figure], any Error>
    do { measured = .success(try await figures(installation)) } catch { measured = .failure(error) }
    try await installation.stop()
    let figures = try measured.get()
    let report = Report(figures: figures, commit: await commit())
    print(arguments.contains("--json") ? try report.json : report.table)
  }

  private static func figures(_ installation: Installation) async throws -> [Figure] {
    note("echo")
    let echo = try await EchoBenchmark.figures()
    note("the demo, to have something to sign and to import")
    try await installation.demo(Repository.district)
    note("signing")
    let signing = try await SigningBenchmark(installation: installation).figures()
    note("import")
    return try await echo + signing + ImportBenchmark(installation: installation).figures()
  }

  private static func note(_ line: String) {
    FileHandle.standardError.write(Data("bench: \(line)\n".utf8))
  }

  private static func commit() async -> String {
    let outcome = try? await Program.run(
      "/usr/bin/env",
      ["git", "-C", Repository.root.plainPath, "describe", "--always", "--dirty"]
    )
    let text = outcome?.output.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    return text.isEmpty ? "unknown" : text
  }
}
