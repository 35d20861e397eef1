import GRPC
import Logging
import NIOPosix

/// A server that does not listen yet and logs nowhere.
func makeServer(_ handlers: [MethodHandler]) -> GRPCServer {
  GRPCServer(
    configuration: ServerConfiguration(host: "127.0.0.1", port: 0, security: .plaintext),
    handlers: handlers,
    group: MultiThreadedEventLoopGroup.singleton,
    logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
  )
}
