import Glibc

/// A pipe that ends a thread's `poll`.
///
/// Both ends are open from `init` to `deinit`.
final class WakeUp: Sendable {
  /// Readable after `signal`.
  let descriptor: Int32
  private let writer: Int32

  init?() {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    writer = ends[1]
  }

  deinit {
    close(descriptor)
    close(writer)
  }

  /// Wakes the thread; a full pipe means that it is being woken anyway.
  func signal() {
    _ = unsafe withUnsafeBytes(of: UInt8(1)) { unsafe write(writer, $0.baseAddress, 1) }
  }

  /// Takes all signals.
  func clear() {
    var buffer = [UInt8](repeating: 0, count: 64)
    while unsafe read(descriptor, &buffer, buffer.count) == buffer.count {}
  }
}
