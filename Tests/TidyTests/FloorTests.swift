import Testing

/// The house has floors, and an import only ever goes down (SwiftPM does not see to it reliably).
@Suite("Floors")
struct FloorTests {
  /// The floor of each target.
  ///
  /// One that is missing here fails the test, so that nobody forgets.
  static let floors: [String: Int] = [
    "CNghttp2": 0, "CLibpq": 0, "CProtobufC": 0, "CAPI": 0, "CPlugin": 0, "COpenSSL": 0,
    "CLibXML2": 0, "CArgon2": 0, "CLibzip": 0,
    "Roster": 1, "Assessment": 2, "Transcript": 3,
    "Protobuf": 1, "GRPC": 1, "Postgres": 1, "Crypto": 1, "Workbook": 2,
    "API": 3, "XAdES": 3, "Schema": 3, "Intake": 3,
    "ServiceKit": 4,
    "Identity": 5, "Records": 5, "Signing": 5, "Reporting": 5, "HocbaCLI": 5,
    "protoc-gen-hocba": 5,
  ]
  /// The law and its documents depend on nothing that can fail, wait or crash.
  static let pure: Set<String> = ["Assessment", "Roster", "Transcript"]

  /// The modules that a file imports.
  static func imports(of file: SourceTree.File) -> [String] {
    file.code.compactMap { _, line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1,
        index == 0
          || ["package", "internal", "public", "private", "fileprivate", "@testable"]
            .contains(words[0])
      else { return nil }
      return words[index + 1].split(separator: ".").first.map(String.init)
    }
  }

  @Test func `every target has a floor`() throws {
    let targets = try SourceTree.targets("Sources")
    #expect(targets.count > 10)
    #expect(targets.subtracting(Self.floors.keys).isEmpty)
  }

  @Test func `an import goes to a lower floor`() throws {
    var seen = 0
    for file in try SourceTree.sources() {
      let own = try #require(Self.floors[file.target], "\(file.path)")
      for imported in Self.imports(of: file) {
        guard let floor = Self.floors[imported] else { continue }
        seen += 1
        #expect(floor < own, "\(file.path) imports \(imported)")
      }
    }
    #expect(seen > 20)
  }

  @Test func `pure targets import only pure targets`() throws {
    let files = try SourceTree.sources().filter { Self.pure.contains($0.target) }
    #expect(files.count > 10)
    for file in files {
      for imported in Self.imports(of: file) {
        #expect(Self.pure.contains(imported), "\(file.path) imports \(imported)")
      }
    }
  }
}
