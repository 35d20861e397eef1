import Testing

/// Tests claim something, and are never left out.
@Suite("Testing")
struct TestingTests {
  @Test func `the name of a test is its claim`() throws {
    var tests = 0
    for file in try SourceTree.files("Tests", ending: "Tests.swift") {
      let code = file.code.map(\.line)
      for (index, line) in code.enumerated()
      where line.drop(while: { $0 == " " }).hasPrefix("@Test") {
        tests += 1
        // The declaration may follow the arguments.
        let declaration = code[index...].first { $0.contains("func ") }
        #expect(declaration?.contains("func `") == true, "\(file.path): \(line)")
      }
    }
    #expect(tests > 500)
  }

  @Test func `only test vectors that may be absent are left out`() throws {
    var conditions: Set<String> = []
    for file in try SourceTree.files("Tests", ending: ".swift") where file.target != "TidyTests" {
      for (_, line) in file.code where line.contains(".enabled(") || line.contains(".disabled(") {
        conditions.insert(file.name)
      }
    }
    #expect(conditions == ["WycheproofTests.swift"])
  }

  @Test func `tests stand beside what they test, by name`() throws {
    let targets = try SourceTree.targets("Sources").union(["Tidy", "System", "Interop", "Fuzz"])
    let tested = try SourceTree.targets("Tests").filter { $0.hasSuffix("Tests") }
    #expect(tested.count > 15)
    for name in tested { #expect(targets.contains(String(name.dropLast(5))), "Tests/\(name)") }
  }
}
