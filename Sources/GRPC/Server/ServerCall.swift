/// A call as a `MethodHandler` sees it: all that code compiled into other modules uses of a stream.
@usableFromInline struct ServerCall: Sendable {
  let stream: ServerStream

  @usableFromInline let context: ServerContext

  init(stream: ServerStream, context: ServerContext) {
    self.stream = stream
    self.context = context
  }

  /// The only request message; waits for it.
  @usableFromInline func request() async throws -> [UInt8] {
    try await stream.read(.sole) ?? []
  }

  @inlinable static func decode<Request: Message>(_ bytes: [UInt8]) throws -> Request {
    do {
      return try unsafe Request(decoding: bytes.span.bytes)
    } catch {
      throw RPCError(answeringUndecodable: error)
    }
  }
}
