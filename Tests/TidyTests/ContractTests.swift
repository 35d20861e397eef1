import Testing

/// The contract, the code and the law name the same things.
@Suite("Contract")
struct ContractTests {
  static let services = [
    "identity": "Identity", "records": "Records", "signing": "Signing",
    "reporting": "Reporting",
  ]

  @Test func `every rpc has a method of its name in the service that answers it`() throws {
    var count = 0
    for proto in try SourceTree.files("proto/hocba", ending: "_service.proto") {
      let package = try #require(proto.path.split(separator: "/").dropFirst(2).first)
      let target = try #require(Self.services[String(package)])
      let sources = try SourceTree.files("Sources/\(target)", ending: "Service.swift")
      for line in proto.lines where line.hasPrefix("  rpc ") {
        let name = line.dropFirst(6).prefix { $0 != "(" }
        let method = name.prefix(1).lowercased() + name.dropFirst()
        count += 1
        let isThere = sources.contains { $0.text.contains("func \(method)(") }
        #expect(isThere, "\(proto.path): \(name)")
      }
    }
    #expect(count > 30)
  }

  /// Everything that is said to those who call: the proto files, and what holds for all of them.
  private static func manual() throws -> String {
    try
      (SourceTree.files("proto/hocba", ending: ".proto") + SourceTree.files("proto", ending: ".md"))
      .map(\.text).joined()
  }

  /// The texts in UPPER_SNAKE that stand in a file, each as often as it does.
  private static func codes(in file: SourceTree.File) -> [String] {
    file.text.matches(of: /"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/).map { String($0.output.1) }
      .filter { !$0.hasPrefix("HOCBA_") }
  }

  @Test func `reasons of refusals are unique in a service, and the contract names them`() throws {
    let manual = try Self.manual()
    let common = try SourceTree.files("Sources/ServiceKit", ending: ".swift")
      .flatMap { $0.text.matches(of: /"([A-Z]+(?:_[A-Z]+)+)",\n/).map { String($0.output.1) } }
      .filter { !$0.hasPrefix("HOCBA_") }
    #expect(common.count > 5)
    var count = 0
    for target in Self.services.values {
      var seen = Set(common)
      for file in try SourceTree.files("Sources/\(target)", ending: "Error.swift") {
        for reason in Self.codes(in: file) {
          count += 1
          #expect(seen.insert(reason).inserted, "\(file.path): \(reason) twice")
        }
      }
      for reason in seen {
        #expect(manual.contains("`\(reason)`"), "\(reason) is in no proto comment")
      }
    }
    #expect(count > 15)
  }

  @Test func `reasons of problems and of verdicts stand in the contract`() throws {
    let manual = try Self.manual()
    let files =
      try SourceTree.files("Sources/Intake", ending: "Problem.swift")
      + SourceTree.files("Sources/Workbook", ending: "WorkbookError.swift")
      + SourceTree.files("Sources/XAdES", ending: ".swift")
      + SourceTree.files("Sources/Crypto", ending: "TrustStore.swift")
    let reasons = Set(files.flatMap { Self.codes(in: $0) })
    #expect(reasons.count > 40)
    for reason in reasons {
      #expect(manual.contains("`\(reason)`"), "\(reason) is in no proto comment")
    }
  }

  @Test func `every reason of the contract is in the code`() throws {
    let code = Set(try SourceTree.sources().flatMap { Self.codes(in: $0) })
    let named = try Self.manual().matches(of: /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/)
      .map { String($0.output.1) }
    #expect(named.count > 60)
    for reason in named { #expect(code.contains(reason), "\(reason) is nobody's") }
  }

  @Test func `each article of the law is one file that cites it and has a test`() throws {
    let tests = Set(try SourceTree.files("Tests/AssessmentTests", ending: ".swift").map(\.name))
    let articles = try SourceTree.files("Sources/Assessment", ending: ".swift")
      .filter { $0.name.hasPrefix("Article") }
    #expect(articles.count > 8)
    for file in articles {
      let number = file.name.dropFirst(7).prefix(2)
      let plain = number.hasPrefix("0") ? number.dropFirst() : number
      #expect(
        file.text.contains("article \(plain)") || file.text.contains("Article \(plain)"),
        "\(file.path) does not cite its article"
      )
      let hasTest = tests.contains { $0.hasPrefix("Article\(number)") }
      #expect(hasTest, "\(file.path) has no test file")
    }
  }
}
