import Testing

/// What may stand where: pointers, SQL, traps, clocks.
@Suite("Boundaries")
struct BoundaryTests {
  /// The targets that wrap a C library: the only hand-written pointers live there.
  static let wrappers: Set<String> = [
    "Protobuf", "GRPC", "Postgres", "Crypto", "Workbook", "protoc-gen-hocba",
  ]

  @Test func `unsafe code lives only where a C library is wrapped`() throws {
    let words = [
      "unsafe ", "withUnsafe", "@unchecked Sendable", "nonisolated(unsafe)", "Unmanaged",
    ]
    var wrapped = 0
    for file in try SourceTree.sources() {
      for (number, line) in file.code where words.contains(where: line.contains) {
        wrapped += 1
        #expect(Self.wrappers.contains(file.target), "\(file.path):\(number)")
      }
      for imported in FloorTests.imports(of: file) where FloorTests.floors[imported] == 0 {
        #expect(Self.wrappers.contains(file.target), "\(file.path) imports \(imported)")
      }
    }
    #expect(wrapped > 50)
  }

  @Test func `every claim of safety gives its reason in the lines above`() throws {
    var claims = 0
    for file in try SourceTree.sources() {
      for (number, line) in file.code
      where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
        claims += 1
        let above = file.lines[max(0, number - 4)..<number - 1]
        #expect(above.contains { $0.contains("//") }, "\(file.path):\(number)")
      }
    }
    #expect(claims > 0)
  }

  @Test func `SQL stands only in stores`() throws {
    // Word boundaries by hand: at the start of a line, as statements are written.
    let verbs = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH RECURSIVE "]
    var statements = 0
    for file in try SourceTree.sources() where file.target != "Postgres" {
      for (index, line) in file.lines.enumerated() {
        let text = line.drop { $0 == " " || $0 == "\"" }
        guard verbs.contains(where: text.hasPrefix) else { continue }
        statements += 1
        #expect(file.name.hasSuffix("Store.swift"), "\(file.path):\(index + 1)")
      }
    }
    #expect(statements > 20)
  }

  @Test func `nothing can be made to trap`() throws {
    let traps = ["try!", "as!", "fatalError("]
    for file in try SourceTree.sources() {
      for (number, line) in file.code {
        #expect(!traps.contains(where: line.contains), "\(file.path):\(number)")
      }
    }
  }

  @Test func `the time is read in one place`() throws {
    for file in try SourceTree.sources() where file.name != "Clock.swift" {
      for (number, line) in file.code {
        #expect(!line.contains("Date()"), "\(file.path):\(number)")
      }
    }
  }

  @Test func `no floating point near marks`() throws {
    let targets: Set<String> = ["Assessment", "Roster", "Transcript", "Intake", "Records"]
    for file in try SourceTree.sources() where targets.contains(file.target) {
      for (number, line) in file.code {
        let words = line.split { !$0.isLetter && !$0.isNumber }
        #expect(!words.contains("Double") && !words.contains("Float"), "\(file.path):\(number)")
      }
    }
  }

  @Test func `nothing is left for later`() throws {
    // Spelt apart, so that this line is not a finding.
    let reminders = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    for file in try SourceTree.handWritten() {
      for (index, line) in file.lines.enumerated() {
        #expect(!reminders.contains(where: line.contains), "\(file.path):\(index + 1)")
      }
    }
  }
}
