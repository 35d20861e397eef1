/// A task that waits for a stream: for a message, or for room to write one.
///
/// `@unchecked Sendable`: after it is made it is touched on the stream's event loop only, or handed
/// there.
/// `@safe`: the continuation is resumed once, since it is taken for it; and in the end, since a
/// stream that ends wakes all that wait for it.
@safe final class Waiter<Value: Sendable>: @unchecked Sendable {
  private var continuation: UnsafeContinuation<Value, any Error>?
  private var isCancelled = false

  /// Whether there is nobody left to be resumed.
  var isDone: Bool { unsafe continuation == nil }

  func start(_ continuation: UnsafeContinuation<Value, any Error>) {
    if isCancelled {
      unsafe continuation.resume(throwing: CancellationError())
    } else {
      unsafe self.continuation = continuation
    }
  }

  func resume(_ result: Result<Value, any Error>) {
    unsafe continuation.take()?.resume(with: result)
  }

  /// Also counts when it comes before `start`, from a task that was cancelled on its way here.
  func cancel() {
    isCancelled = true
    resume(.failure(CancellationError()))
  }
}
