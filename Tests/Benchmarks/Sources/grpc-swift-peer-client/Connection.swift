import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import NIOPosix
import PeerSupport

typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

/// Runs something with connections to the server that the flags name, each a client of its own.
///
/// - Parameters:
///   - flags: Say where the server is.
///   - count: Number of connections.
///   - tap: Watches the responses; `nil` where nobody asks, as in benchmarks.
///   - body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
func withConnections<Result: Sendable>(
  _ flags: Flags,
  count: Int = 1,
  tap: MessageTap? = nil,
  _ body: ([Client]) async throws -> Result
) async throws -> Result {
  let group = MultiThreadedEventLoopGroup(
    numberOfThreads: flags.number("event-loops", System.coreCount)
  )
  let clients = try (0..<count).map { _ in
    Client(
      transport: try .init(
        target: .dns(
          host: flags.text("server_host", "127.0.0.1"),
          port: flags.number("server_port", 0)
        ),
        transportSecurity: security(flags),
        config: .defaults { config in
          config.http2.authority = flags.texts("server_host_override").first
          guard let tap else { return }
          config.compression.enabledAlgorithms = .gzip
          config.channelDebuggingCallbacks.onCreateHTTP2Stream = { tap.watch($0) }
        },
        eventLoopGroup: group
      )
    )
  }
  return try await withThrowingDiscardingTaskGroup { group in
    for client in clients { group.addTask { try await client.runConnections() } }
    let result = try await body(clients)
    for client in clients { client.beginGracefulShutdown() }
    return result
  }
}

private func security(_ flags: Flags) -> HTTP2ClientTransport.Posix.TransportSecurity {
  guard flags.text("use_tls", "false") == "true" else { return .plaintext }
  return .tls { config in
    if let file = flags.texts("ca_file").first {
      config.trustRoots = .certificates([.file(path: file, format: .pem)])
    }
  }
}
