/// The lines of a demonstration: one a stage, with what was done and how long it took.
struct Stages: Sendable {
  /// Runs a stage; its title stands in both languages, its summary in the reader's.
  func run<Answer>(
    _ vietnamese: String,
    _ english: String,
    _ body: () async throws -> (summary: String, answer: Answer)
  ) async throws -> Answer {
    let title = "\(vietnamese) · \(english)"
    let start = ContinuousClock.now
    Console.progress("… \(title)")
    let (summary, answer) = try await body()
    let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    Console.endProgress()
    let tenths = Int(milliseconds / 100)
    Console.out("✓ \(title)\n    \(summary) (\(tenths / 10).\(tenths % 10) s)")
    return answer
  }

  /// Says what did not work out, and that the rest goes on.
  func complain(_ lines: [String]) {
    for line in lines.prefix(Self.shownComplaints) { Console.out("    ! \(line)") }
    let rest = lines.count - Self.shownComplaints
    if rest > 0 { Console.out("    ! " + words("và \(rest) điều nữa", "and \(rest) more")) }
  }

  /// As `complain(_:)`, each text once with the first of those whom it concerns.
  func complain(_ complaints: [(name: String, text: String)]) {
    var names: [String: [String]] = [:]
    var texts: [String] = []
    for complaint in complaints {
      if names[complaint.text] == nil { texts.append(complaint.text) }
      names[complaint.text, default: []].append(complaint.name)
    }
    complain(
      texts.map { text in
        let concerned = names[text] ?? []
        let rest = concerned.count - 1
        let more = rest > 0 ? words(" và \(rest) nữa", " and \(rest) more") : ""
        return "\(concerned.first ?? "")\(more): \(text)"
      }
    )
  }

  private static let shownComplaints = 10
}
