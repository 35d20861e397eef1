/// A task that waits for a stream: for a message, or for room to write one.
///
/// `@unchecked Sendable`: after it is made it is touched on the stream's event loop only.
final class Waiter<Value: Sendable>: @unchecked Sendable {
  private var continuation: CheckedContinuation<Value, any Error>?
  private var isCancelled = false

  /// Whether there is nobody left to be resumed.
  var isDone: Bool { continuation == nil }

  func start(_ continuation: CheckedContinuation<Value, any Error>) {
    if isCancelled {
      continuation.resume(throwing: CancellationError())
    } else {
      self.continuation = continuation
    }
  }

  func resume(_ result: Result<Value, any Error>) {
    continuation.take()?.resume(with: result)
  }

  /// Also counts when it comes before `start`, from a task that was cancelled on its way here.
  func cancel() {
    isCancelled = true
    resume(.failure(CancellationError()))
  }
}
