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

  @Test func `reasons are unique in a service, and the contract names them`() throws {
    let contract = try SourceTree.files("proto/hocba", ending: ".proto").map(\.text).joined()
    var count = 0
    for target in Self.services.values {
      var seen: Set<Substring> = []
      for file in try SourceTree.files("Sources/\(target)", ending: "Error.swift") {
        for match in file.text.matches(of: /"([A-Z][A-Z0-9]*_[A-Z0-9_]+)",/) {
          count += 1
          #expect(seen.insert(match.output.1).inserted, "\(file.path): \(match.output.1) twice")
          let isNamed = contract.contains("`\(match.output.1)`")
          #expect(isNamed, "\(match.output.1) is in no proto comment")
        }
      }
    }
    #expect(count > 10)
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
