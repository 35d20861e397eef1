import NIOCore

/// The responses of a streaming call, in order; ends when the server has ended the call with OK.
///
/// Throws `RPCError` for any other status, after the messages that came before it. The call is
/// cancelled when the iterating task is cancelled, and when the stream and its iterators are gone.
package struct ResponseStream<Response: Message>: AsyncSequence, Sendable {
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

  package struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let call: Result<Holder, any Error>

    package mutating func next() async throws -> Response? {
      let holder = try call.get()
      guard let bytes = try await holder.stream.read(.next) else { return nil }
      return try ClientStream.decode(bytes)
    }
  }

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(call: call)
  }
}

/// Writes the requests of a streaming call.
package struct RequestWriter<Request: Message>: Sendable {
  let stream: ClientStream

  /// Sends a message, and waits while the server has not taken enough of those before.
  ///
  /// - Throws: `RPCError` when the call is over; how it ended, the call itself tells.
  package func write(_ message: Request) async throws {
    try await stream.write(message.encoded())
  }
}

// For the callers' tasks.
extension ClientStream {
  /// The only response message, when the call has ended.
  func response<Response: Message>() async throws -> Response {
    try ClientStream.decode(await read(.sole) ?? [])
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
