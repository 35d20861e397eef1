import Synchronization

/// The lines of a demonstration: one a stage, with what was done and how long it took.
final class Stages: Sendable {
  /// What did not work out in the stage that runs: said below its line.
  private let complaints = Mutex<[String]>([])

  /// Runs a stage; its title stands in both languages, its summary in the reader's.
  func run<Answer>(
    _ vietnamese: String,
    _ english: String,
    _ body: () async throws -> (summary: String, answer: Answer)
  ) async throws -> Answer {
    let title = "\(vietnamese) · \(english)"
    let start = ContinuousClock.now
    Console.progress("… \(title)")
    let summary: String
    let answer: Answer
    do {
      (summary, answer) = try await body()
    } catch {
      Console.endProgress()
      Console.out("✗ \(title)")
      for line in takeComplaints() { Console.out("    ! \(line)") }
      throw error
    }
    let tenths = Int((ContinuousClock.now - start) / .milliseconds(100))
    Console.endProgress()
    let lines = takeComplaints()
    Console.out("\(lines.isEmpty ? "✓" : "!") \(title)  (\(tenths / 10).\(tenths % 10) s)")
    Console.out("    \(summary)")
    for line in lines { Console.out("    ! \(line)") }
    return answer
  }

  /// Says what did not work out, and that the rest goes on.
  func complain(_ lines: [String]) {
    let rest = lines.count - Self.shownComplaints
    complaints.withLock { complaints in
      complaints += lines.prefix(Self.shownComplaints)
      if rest > 0 { complaints.append(words("và \(rest) điều nữa", "and \(rest) more")) }
    }
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

  private func takeComplaints() -> [String] {
    complaints.withLock { complaints in
      defer { complaints = [] }
      return complaints
    }
  }

  private static let shownComplaints = 10
}
