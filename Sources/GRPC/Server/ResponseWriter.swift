/// Writes the responses of a streaming method.
package struct ResponseWriter<Response: Message>: Sendable {
  let stream: ServerStream

  /// Sends a message, and waits while the client has not taken enough of those before.
  ///
  /// - Throws: `RPCError` when the call is over, `CancellationError` when the task is cancelled.
  package func write(_ message: Response) async throws {
    try await stream.write(message.encoded())
  }
}
