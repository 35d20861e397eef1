import GRPCCore
import PeerMessages

import struct Foundation.Data

/// `echo.v1.Echo`, by the simplest interface that grpc-swift-2 has.
struct EchoService: Echo_V1_Echo.SimpleServiceProtocol {
  func unary(
    request: Echo_V1_EchoMessage,
    context: ServerContext
  ) async throws -> Echo_V1_EchoMessage {
    request
  }

  func download(
    request: Echo_V1_DownloadRequest,
    response: RPCWriter<Echo_V1_EchoMessage>,
    context: ServerContext
  ) async throws {
    var message = Echo_V1_EchoMessage()
    message.payload = Data(count: Int(request.size))
    for _ in 0..<request.count { try await response.write(message) }
  }
}
