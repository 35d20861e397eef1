import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import NIOPosix
import PeerMessages
import PeerSupport

import struct Foundation.Data
import class Foundation.FileHandle

/// `grpc-swift-peer-server --host HOST --port PORT [--tls CERT KEY] [--event-loops N] [--interop]`.
///
/// `--interop` lets the server compress and see whether requests are compressed, which costs time
/// in every call: benchmarks go without.
@main
enum Main {
  static func main() async throws {
    let flags = Flags(CommandLine.arguments.dropFirst())
    let tap = flags.has("interop") ? MessageTap() : nil
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: flags.text("host", "127.0.0.1"), port: flags.number("port", 0)),
      transportSecurity: security(flags.texts("tls")),
      config: .defaults { config in
        // Its default is 100 too, but is not told to clients: it closes the connection of who opens
        // one more.
        config.http2.maxConcurrentStreams = 100
        guard let tap else { return }
        config.compression.enabledAlgorithms = .gzip
        config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { tap.watch($0) }
      },
      eventLoopGroup: MultiThreadedEventLoopGroup(
        numberOfThreads: flags.number("event-loops", System.coreCount)
      )
    )
    var router = RPCRouter<HTTP2ServerTransport.Posix>()
    TestService(tap: tap).registerMethods(with: &router)
    EchoService().registerMethods(with: &router)
    router.removeHandler(
      forMethod: Grpc_Testing_TestService.Method.UnimplementedCall.descriptor
    )
    let server = GRPCServer(transport: transport, router: router)
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await server.serve() }
      guard let address = try await transport.listeningAddress.ipv4 else { return }
      // Not by print, which keeps the line back where a program reads it.
      let line = "listening on \(address.host):\(address.port)\n"
      FileHandle.standardOutput.write(Data(line.utf8))
    }
  }

  private static func security(
    _ files: [String]
  ) -> HTTP2ServerTransport.Posix.TransportSecurity {
    guard files.count == 2 else { return .plaintext }
    return .tls(
      certificateChain: [.file(path: files[0], format: .pem)],
      privateKey: .file(path: files[1], format: .pem)
    ) { $0.requireALPN = true }
  }
}
