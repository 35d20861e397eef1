import CLibpq
import Glibc

/// A request to cancel what a connection runs.
///
/// `@safe`: the pointer is private, used once and freed in `deinit`.
// @unchecked Sendable: a PGcancel is made to be used from another thread (documentation of libpq,
// 34.7), and only the thread that `send` starts uses it.
@safe final class CancelRequest: @unchecked Sendable {
  private let handle: OpaquePointer

  init?(_ connection: OpaquePointer) {
    guard let handle = unsafe PQgetCancel(connection) else { return nil }
    unsafe self.handle = handle
  }

  deinit { unsafe PQfreeCancel(handle) }

  /// Sends it from a thread of its own, since libpq connects and waits for it synchronously.
  ///
  /// There is at most one such thread for each statement at the head of a connection.
  func send() {
    Thread.start {
      var message = [CChar](repeating: 0, count: 256)
      // A request that fails leaves the statement to its `statement_timeout`.
      _ = unsafe PQcancel(self.handle, &message, Int32(message.count))
    }
  }
}

/// Threads that no executor owns.
enum Thread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a detached thread.
  /// - Returns: whether the system had one to give
  @discardableResult
  static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    let body = unsafe Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread,
      nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      },
      body.toOpaque()
    )
    guard status == 0 else {
      unsafe body.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
