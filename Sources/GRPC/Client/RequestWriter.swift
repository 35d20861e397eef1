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
