import Foundation

/// A rate that was measured, beside the rate of something that bounds it.
struct Figure: Encodable {
  /// What was measured.
  let name: String
  /// How many a second: the median of the rounds.
  let rate: Double
  /// What is counted.
  let unit: String
  /// What it is held against.
  let reference: String
  /// How many of that a second, in the same run.
  let referenceRate: Double
  /// The figure in parts of the reference.
  let ratio: Double

  init(_ name: String, _ rate: Double, _ unit: String, against reference: String, _ bound: Double) {
    self.name = name
    self.rate = rate
    self.unit = unit
    self.reference = reference
    referenceRate = bound
    ratio = rate / bound
  }
}

/// All figures of a run, and where they come from.
struct Report: Encodable {
  let figures: [Figure]
  let commit: String
  let cores = ProcessInfo.processInfo.activeProcessorCount
  let system = ProcessInfo.processInfo.operatingSystemVersionString
  let date = Date.now.formatted(.iso8601)

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var table: String {
    var rows = [["", "rate", "unit", "reference", "rate", "ratio"]]
    rows += figures.map { figure in
      [
        figure.name, Self.text(figure.rate), figure.unit, figure.reference,
        Self.text(figure.referenceRate), String(format: "%.3f", figure.ratio),
      ]
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
        return [1, 4, 5].contains(column) ? blanks + cell.0 : cell.0 + blanks
      }.joined(separator: "  ")
    }
    let head = "Học bạ \(commit), \(date), \(cores) cores, \(system); medians, rates a second"
    return ([head, ""] + lines).joined(separator: "\n")
  }

  private static func text(_ rate: Double) -> String {
    rate.formatted(
      .number.precision(.fractionLength(0)).locale(Locale(identifier: "en_US_POSIX"))
    )
  }
}

/// The median rate of some rounds, each of which returns how much it has done.
///
/// `before` is what each round needs first; it is not measured.
func median(
  rounds: Int,
  before: () async throws -> Void = {},
  _ round: () async throws -> Int
) async throws -> Double {
  var rates: [Double] = []
  for _ in 0..<rounds {
    try await before()
    let start = ContinuousClock.now
    let count = try await round()
    rates.append(Double(count) / ((ContinuousClock.now - start) / .seconds(1)))
  }
  return rates.sorted()[rates.count / 2]
}
