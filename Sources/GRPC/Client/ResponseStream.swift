import NIOCore
import Synchronization

/// The responses of a streaming call, in order; ends when the server has ended the call with OK.
///
/// Throws `RPCError` for any other status, after the messages that came before it. The call is
/// cancelled when the iterating task is cancelled, and when the stream and its iterators are gone.
package struct ResponseStream<Response: Message>: AsyncSequence, Sendable {
  /// A decoded message.
  package typealias Element = Response

  fileprivate let call: StreamingCall

  init(_ call: StreamingCall) {
    self.call = call
  }

  /// The metadata that the server sent ahead of its first message; waits for it.
  package var initialMetadata: Metadata {
    get async throws {
      let stream = try await call.stream()
      _ = try await stream.read(.headers)
      return stream.initialMetadata
    }
  }

  /// The metadata that came with the status of a call that succeeded; waits for it.
  ///
  /// Of a call that failed it is in `RPCError.metadata`.
  package var trailingMetadata: Metadata {
    get async throws {
      let stream = try await call.stream()
      _ = try await stream.read(.end)
      return stream.trailingMetadata
    }
  }

  /// Whether the message that was read last came compressed.
  package var isLastCompressed: Bool {
    call.known?.lastWasCompressed.load(ordering: .relaxed) ?? false
  }

  /// One reader's way through the stream.
  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let call: StreamingCall
    private var stream: ClientStream?

    fileprivate init(_ call: StreamingCall) {
      self.call = call
    }

    /// The next message; waits for it.
    package mutating func next() async throws -> Response? {
      let stream: ClientStream
      if let known = self.stream { stream = known } else { stream = try await call.stream() }
      self.stream = stream
      let bytes: [UInt8]?
      do {
        bytes = try await stream.read(.next)
      } catch {
        // An interceptor may have made another status of it.
        try await call.outcome()
        throw error
      }
      guard let bytes else {
        try await call.outcome()
        return nil
      }
      return try ClientStream.decode(bytes)
    }
  }

  /// An iterator; all of a stream share its messages.
  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(call)
  }
}

/// A call whose responses are read while it runs; cancelled when nobody can read them any more.
final class StreamingCall: Sendable {
  private let opened: EventLoopFuture<Void>
  private let task: Task<Void, any Error>
  private let found: Found

  private final class Found: Sendable {
    let stream = Mutex<ClientStream?>(nil)
  }

  /// Starts a call: `run` makes it, says what its stream is, and returns when it has ended.
  init(
    on eventLoop: any EventLoop,
    _ run: @escaping @Sendable (@escaping @Sendable (ClientStream) -> Void) async throws -> Void
  ) {
    let promise = eventLoop.makePromise(of: Void.self)
    let found = Found()
    opened = promise.futureResult
    self.found = found
    task = Task {
      do {
        try await run { stream in
          found.stream.withLock { $0 = stream }
          promise.succeed()
        }
        // Has an effect only if there was no call.
        promise.fail(RPCError.notMade)
      } catch {
        promise.fail(error)
        throw error
      }
    }
  }

  deinit { task.cancel() }

  /// The call's stream, if it is known which it is.
  var known: ClientStream? { found.stream.withLock { $0 } }

  /// The same; waits for it.
  func stream() async throws -> ClientStream {
    if let known { return known }
    try await withTaskCancellationHandler {
      try await opened.get()
    } onCancel: {
      task.cancel()
    }
    guard let known else { throw RPCError.notMade }
    return known
  }

  /// How the call ended, as the interceptors say.
  func outcome() async throws {
    try await task.value
  }
}

extension RPCError {
  /// There is no call of which to tell.
  static let notMade = RPCError(.internalError, "an interceptor did not go on with the call")
}
