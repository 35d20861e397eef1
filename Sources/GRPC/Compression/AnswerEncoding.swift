import Synchronization

/// How the answers of one call are compressed: may be chosen until the headers have announced it.
///
/// A handler chooses and writes from whatever thread it runs on, the headers leave on the event
/// loop; so no message may be compressed before the choice is final.
struct AnswerEncoding: ~Copyable, Sendable {
  private static let gzip: UInt8 = 1
  private static let final: UInt8 = 2

  private let state = Atomic<UInt8>(0)

  /// Has no effect once `settled` was asked for.
  func choose(_ compression: Compression) {
    let (old, new): (UInt8, UInt8) =
      compression == .gzip ? (0, AnswerEncoding.gzip) : (AnswerEncoding.gzip, 0)
    _ = state.compareExchange(expected: old, desired: new, ordering: .relaxed)
  }

  /// The choice, from now on final.
  func settled() -> Compression {
    var value = state.load(ordering: .relaxed)
    if value & AnswerEncoding.final == 0 {
      value = state.bitwiseOr(AnswerEncoding.final, ordering: .relaxed).newValue
    }
    return value & AnswerEncoding.gzip == 0 ? .identity : .gzip
  }
}
