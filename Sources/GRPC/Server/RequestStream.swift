/// The requests of a streaming method, in order; ends when the client has sent its last.
///
/// Throws `RPCError` when the call is over before that. One task at a time may iterate.
package struct RequestStream<Request: Message>: AsyncSequence, Sendable {
  /// A decoded message.
  package typealias Element = Request

  let stream: ServerStream

  /// One reader's way through the stream.
  package struct AsyncIterator: AsyncIteratorProtocol {
    let stream: ServerStream

    /// The next message; waits for it.
    package mutating func next() async throws -> Request? {
      guard let bytes = try await stream.read(.next) else { return nil }
      return try ServerCall.decode(bytes)
    }
  }

  /// An iterator; all of a stream share its messages.
  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(stream: stream)
  }
}
