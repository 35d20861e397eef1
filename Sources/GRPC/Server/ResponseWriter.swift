/// Writes the responses of a streaming method.
package struct ResponseWriter<Response: Message>: Sendable {
  let stream: ServerStream

  /// Sends a message, and waits while the client has not taken enough of those before.
  ///
  /// - Parameters:
  ///   - message: The next response.
  ///   - compress: Whether it may be compressed, if the call's responses are.
  /// - Throws: `RPCError` when the call is over; `RESOURCE_EXHAUSTED` when the message is over the
  ///   server's limit, and was not sent; `CancellationError` when the task is cancelled.
  package func write(_ message: Response, compress: Bool = true) async throws {
    try await stream.write(stream.sealed(message.encoded(), compress: compress))
  }
}
