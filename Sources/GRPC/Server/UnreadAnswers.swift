import Synchronization

/// The memory that a server's clients may fill by not reading their answers, all of them together.
///
/// Each connection says now and then how much is queued for its client, so that the calls pay
/// nothing. While it is too much in all, answers that stand still are given up soon.
final class UnreadAnswers: Sendable {
  /// How long an answer may stand still while there are too many.
  static let patience = Duration.seconds(5)

  private let limit: Int
  private let queued = Atomic(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// A connection's part has become so much more, or less.
  func add(_ count: Int) {
    queued.wrappingAdd(count, ordering: .relaxed)
  }

  var areTooMany: Bool { queued.load(ordering: .relaxed) > limit }
}
