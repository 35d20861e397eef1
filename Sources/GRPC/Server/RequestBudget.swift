import Synchronization

/// The memory that a server's callers may fill with requests, all of them together.
///
/// What a call holds below `free` is not counted: it is bounded by the number of streams, and small
/// requests are served while somebody fills the rest.
final class RequestBudget: Sendable {
  /// The bytes of a call that count for nothing.
  static let free = 16_384

  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes `count` bytes more; whether they were there.
  func take(_ count: Int) -> Bool {
    taken.withLock { taken in
      guard count <= limit - taken else { return false }
      taken += count
      return true
    }
  }

  /// Gives back what was taken.
  func give(_ count: Int) {
    taken.withLock { $0 -= count }
  }
}
