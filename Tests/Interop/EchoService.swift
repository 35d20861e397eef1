package import GRPC

/// What benchmarks call.
package struct EchoService: EchoV1.EchoProvider {
  /// What calls carry besides their messages.
  package typealias Context = ServerContext

  /// A service.
  package init() {}

  /// Gives the request back.
  package func unary(
    _ request: EchoV1.EchoMessage,
    _ context: ServerContext
  ) async throws -> EchoV1.EchoMessage {
    request
  }

  /// Sends as many messages of one size as were asked for.
  package func download(
    _ request: EchoV1.DownloadRequest,
    _ context: ServerContext,
    _ responses: ResponseWriter<EchoV1.EchoMessage>
  ) async throws {
    guard request.count >= 0, (0...TestService.maxPayloadBytes).contains(Int(request.size)) else {
      throw RPCError(
        .invalidArgument,
        "neither count nor size can be \(request.count), \(request.size)"
      )
    }
    var message = EchoV1.EchoMessage(payload: [UInt8](repeating: 0, count: Int(request.size)))
    for number in 0..<request.count {
      message.id = Int64(number)
      try await responses.write(message)
    }
  }
}
