/// Writes the requests of a streaming call.
package struct RequestWriter<Request: Message>: Sendable {
  let call: RetriedCall

  /// Sends a message, and waits while the server has not taken enough of those before.
  ///
  /// - Parameters:
  ///   - message: The next request.
  ///   - compress: Whether it may be compressed, if the call's requests are.
  /// - Throws: `RPCError` when the call is over; how it ended, the call itself tells. A message
  ///   over the limit ends it with `RESOURCE_EXHAUSTED`.
  package func write(_ message: Request, compress: Bool = true) async throws {
    try await call.write(message.encoded(), compress: compress)
  }
}
