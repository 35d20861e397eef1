import Foundation

/// What a load came to.
struct LoadReport: Encodable {
  let calls: Int
  let connections: Int
  let inFlight: Int
  let seconds: Double
  let callsPerSecond: Double
  let bytesPerSecond: Double?
  let failures: Int
  let errors: [String: Int]
  var meanUs: Double?
  var p50Us: Double?
  var p99Us: Double?
  var maxUs: Double?

  init(_ outcome: Load.Outcome, _ options: Options, seconds: Double) {
    calls = options.download ? outcome.messages : outcome.nanoseconds.count
    connections = options.connections
    inFlight = options.inFlight
    self.seconds = seconds
    callsPerSecond = Double(calls) / seconds
    bytesPerSecond = options.download ? callsPerSecond * Double(options.payload) : nil
    failures = outcome.errors.values.reduce(0, +)
    errors = outcome.errors
    let sorted = outcome.nanoseconds.sorted()
    guard let last = sorted.last else { return }
    func percentile(_ percent: Int) -> Double {
      Double(sorted[(sorted.count - 1) * percent / 100]) / 1e3
    }
    meanUs = sorted.reduce(0) { $0 + Double($1) } / Double(sorted.count) / 1e3
    p50Us = percentile(50)
    p99Us = percentile(99)
    maxUs = Double(last) / 1e3
  }

  /// One line.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// Some lines for people.
  var text: String {
    func number(_ value: Double?) -> String { String(format: "%.1f", value ?? 0) }
    var lines = [
      "\(calls) in \(number(seconds)) s, \(number(callsPerSecond)) a second; "
        + "\(connections) connections, \(inFlight) at a time"
    ]
    if let bytesPerSecond { lines.append("\(number(bytesPerSecond / 1e6)) MB a second") }
    if meanUs != nil {
      lines.append(
        "latency in µs: mean \(number(meanUs)), p50 \(number(p50Us)), p99 \(number(p99Us)), "
          + "max \(number(maxUs))"
      )
    }
    for (error, count) in errors.sorted(by: { $0.key < $1.key }) {
      lines.append("\(count) times \(error)")
    }
    return lines.joined(separator: "\n")
  }
}
