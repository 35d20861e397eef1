import API
import Crypto
import Foundation
import XAdES

extension Demo {
  /// Fetches the transcripts that are in force into the folder for them.
  ///
  /// - Returns: Their paths.
  func fetch(_ officer: Desk, _ classes: [Class]) async throws -> [String] {
    try await stages.run("Tải học bạ", "Documents fetched") {
      var kept: Set<String> = []
      let wanted = classes.filter { kept.insert("\($0.school.id) \($0.year)").inserted }
      let files = try await inParallel(wanted) { item in
        try await officer.issuedTranscripts(of: item.school, in: item.year)
          .map { try $0.write(to: out) }
      }.flatMap { $0 }.sorted()
      return (words("\(files.count) tệp trong \(out)", "\(files.count) files in \(out)"), files)
    }
  }

  /// Verifies the files without any service.
  func verify(_ files: [String]) async throws -> Bool {
    try await stages.run("Kiểm tra chữ kí, không qua dịch vụ", "Verified, offline") {
      let verifier = try Verifier(
        trustFile: "\(state)/pki/ca.crt",
        revocationFile: "\(state)/pki/ca.crl"
      )
      var passed = 0
      var signatures = 0
      for path in files {
        let report = verifier.report(on: [UInt8](try Data(contentsOf: URL(filePath: path))))
        if report.verdict == .passed { passed += 1 }
        signatures += report.signatures.count { $0.verdict == .passed }
        if report.verdict != .passed {
          stages.complain([path + ": " + report.verdict.rawValue] + VerdictText.lines(report))
        }
      }
      let summary = words(
        "\(passed)/\(files.count) đạt TOTAL_PASSED, \(signatures) chữ kí",
        "\(passed) of \(files.count) TOTAL_PASSED, \(signatures) signatures"
      )
      return (summary, passed == files.count)
    }
  }

  /// The office's report of each year.
  func report(
    _ officer: Desk,
    _ office: IdentityV1.Organization,
    _ years: [String]
  ) async throws {
    for year in years {
      let progress = try await officer.progress(of: office.name, in: year, by: .grade)
      let results = try await officer.distribution(of: office.name, in: year, by: .grade)
      Console.out("\n\(office.displayName), \(words("năm học", "school year")) \(year)\n")
      Console.out(OfficeReport.table(progress).text + "\n")
      Console.out(OfficeReport.table(results).text)
    }
  }

  /// What to look at, what to try, and what to correct.
  func farewell(_ files: [String], year: String?, _ refused: [URL]) {
    let hocba = Self.typed(CommandLine.arguments.first ?? "hocba")
    if let file = files.first.map(Self.typed) {
      let trust = Self.typed("\(state)/pki/ca.crt")
      Console.out(
        """

        \(words("Học bạ đã kí của một học sinh", "One pupil's signed transcript")):
          \(file)
        \(words("Con dấu, kiểm tra bằng chương trình khác", "Its seal, verified by a program of others")):
          xmlsec1 --verify --trusted-pem \(trust) \\
            --id-attr:Id Payload --id-attr:Id SignedProperties --id-attr:Id SignatureValue \\
            --node-xpath "/*/*[2]/*[last()]/*" \(file)

        \(words("Thử tiếp", "To try next")):
          \(hocba) verify \(file)
        """
      )
    }
    if let year {
      Console.out("  \(hocba) results --year \(year)")
      Console.out("  \(hocba) report progress --year \(year) --by class")
    }
    if let file = refused.first {
      let path = Self.typed(file.path(percentEncoded: false))
      Console.out(
        """

        \(words("Tệp bị từ chối, xem mọi chỗ cần sửa", "Files were rejected; all that is to be corrected")):
          \(hocba) import \(path) --dry-run
        """
      )
    }
  }

  /// A path as one would type it in the working folder.
  private static func typed(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    let path = path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    let isPlain = path.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || "0123456789/._-+,:@%".unicodeScalars.contains($0)
    }
    return isPlain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
