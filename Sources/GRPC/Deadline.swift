/// When the caller of the call that this task works for gives up.
///
/// A server sets it around each handler, and a client makes no call last longer: so a deadline
/// reaches all that is done on behalf of a call, without anybody passing it on.
package enum Deadline {
  /// `nil` outside of a call, and in one that may take for ever.
  @TaskLocal package static var current: ContinuousClock.Instant?
}
