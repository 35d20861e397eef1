import NIOCore
import Synchronization

/// The responses of a streaming call, in order; ends when the server has ended the call with OK.
///
/// Throws `RPCError` for any other status, after the messages that came before it. The call is
/// cancelled when the iterating task is cancelled, and when the stream and its iterators are gone.
package struct ResponseStream<Response: Message>: AsyncSequence, Sendable {
  /// A decoded message.
  package typealias Element = Response

  fileprivate let call: Result<Holder, any Error>

  /// Cancels the call when nobody can read it any more.
  fileprivate final class Holder: Sendable {
    let stream: ClientStream

    init(_ stream: ClientStream) {
      self.stream = stream
    }

    deinit {
      let stream = stream
      stream.connection.eventLoop.execute { stream.cancel() }
    }
  }

  init(_ call: Result<ClientStream, any Error>) {
    self.call = call.map { Holder($0) }
  }

  /// The metadata that the server sent ahead of its first message; waits for it.
  package var initialMetadata: Metadata {
    get async throws { try await call.get().stream.initialMetadata() }
  }

  /// The metadata that came with the status of a call that succeeded; waits for it.
  ///
  /// Of a call that failed it is in `RPCError.metadata`.
  package var trailingMetadata: Metadata {
    get async throws { try await call.get().stream.trailingMetadata() }
  }

  /// Whether the message that was read last came compressed.
  package var isLastCompressed: Bool {
    (try? call.get().stream.lastWasCompressed.load(ordering: .relaxed)) ?? false
  }

  /// One reader's way through the stream.
  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let call: Result<Holder, any Error>

    /// The next message; waits for it.
    package mutating func next() async throws -> Response? {
      let holder = try call.get()
      guard let bytes = try await holder.stream.read(.next) else { return nil }
      return try ClientStream.decode(bytes)
    }
  }

  /// An iterator; all of a stream share its messages.
  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(call: call)
  }
}

// For the callers' tasks.
extension ClientStream {
  /// The only response message, when the call has ended.
  func response<Response: Message>(_ options: CallOptions) async throws -> Response {
    let bytes = try await read(.sole) ?? []
    if let onResponse = options.onResponse {
      onResponse(
        ResponseInfo(
          initialMetadata: try await initialMetadata(),
          trailingMetadata: try await trailingMetadata(),
          isCompressed: lastWasCompressed.load(ordering: .relaxed)
        )
      )
    }
    return try ClientStream.decode(bytes)
  }

  static func decode<Response: Message>(_ bytes: [UInt8]) throws -> Response {
    do {
      return try unsafe Response(decoding: bytes.span.bytes)
    } catch {
      throw (error as? any RPCErrorConvertible)?.rpcError
        ?? RPCError(.internalError, "the response message could not be decoded")
    }
  }
}
