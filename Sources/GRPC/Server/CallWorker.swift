import NIOCore

/// A task that runs the handlers of a connection's calls, one after the other.
///
/// To make a task and to end it costs as much as all the rest of a short call; so one whose call is
/// answered waits for another. One that was cancelled takes no further call.
///
/// `@unchecked Sendable`: touched on the connection's event loop only. `@safe`: a continuation is
/// taken out to be resumed, and so is resumed once; the connection ends those who wait when it
/// ends.
@safe final class CallWorker: @unchecked Sendable {
  private var task: Task<Void, Never>?
  private var isCancelled = false
  /// The call that comes next; out of here as soon as it is served, for it frees what it holds when
  /// nobody holds it.
  private var call: ServerStream?
  private var waiting: UnsafeContinuation<Void, Never>?

  /// Starts with a first call.
  init(_ first: ServerStream, of server: ServerConnection) {
    call = first
    task = Task(executorPreference: server.executor) {
      while self.call != nil {
        await self.call.take()?.serve()
        await self.wait(server)
      }
    }
  }

  private func wait(_ server: ServerConnection) async {
    // Also by the handler itself.
    if Task.isCancelled { return }
    unsafe await withUnsafeContinuation { continuation in
      server.onLoop {
        if !self.isCancelled, server.keep(self) {
          unsafe self.waiting = continuation
        } else {
          unsafe continuation.resume()
        }
      }
    }
  }

  /// The next call of one that waits, `nil`: there is none.
  func run(_ stream: ServerStream?) {
    call = stream
    unsafe waiting.take()?.resume()
  }

  /// Cancels the task that runs a call.
  func cancel() {
    isCancelled = true
    task?.cancel()
  }
}
