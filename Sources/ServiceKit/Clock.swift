package import Foundation

/// The time, as the rest of the code sees it: the one place that asks the machine.
package struct ServiceClock: Sendable {
  private let read: @Sendable () -> Date

  /// The machine's clock.
  package static let system = ServiceClock { Date() }

  /// A clock that tells what it is told to, for tests.
  package init(_ read: @escaping @Sendable () -> Date) { self.read = read }

  /// Now, in UTC.
  package var now: Date { read() }

  /// Now, in whole seconds since 1970.
  package var seconds: Int { Int(read().timeIntervalSince1970) }

  /// Today's date in Vietnam (UTC+7, no summer time), ISO 8601.
  package var today: String { String(Self.iso(now.addingTimeInterval(7 * 3600)).prefix(10)) }

  /// A time as ISO 8601 in UTC, whole seconds: `2023-05-25T07:00:00Z`.
  package static func iso(_ date: Date) -> String {
    date.formatted(.iso8601)
  }
}
