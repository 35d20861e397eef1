import Foundation
import GRPC
import Interop
import Logging
import NIOCore
import NIOPosix
import SystemSupport
import TestTools
import Testing

/// When a case that does not end has failed; only a broken server makes anybody wait so long.
let caseLimit = Duration.seconds(300)

/// The handlers of a test server that logs nowhere.
let goodHandlers = TestServices.handlers(
  logger: Logger(label: "") { _ in SwiftLogNoOpLogHandler() }
)

/// Runs `body` with a client of a server of ours; of two handlers for one method the last counts.
func withServer(
  _ handlers: [MethodHandler] = goodHandlers,
  security: (server: ServerSecurity, client: ClientSecurity) = (.plaintext, .plaintext),
  _ body: (_ client: InteropClient, _ port: Int) async throws -> Void
) async throws {
  let server = GRPCServer(
    configuration: ServerConfiguration(host: "127.0.0.1", port: 0, security: security.server),
    handlers: handlers,
    group: MultiThreadedEventLoopGroup.singleton,
    logger: Logger(label: "") { _ in SwiftLogNoOpLogHandler() }
  )
  let port = try #require(try await server.start().port)
  let result: Result<Void, any Error>
  do {
    result = .success(
      try await withClient(port: port, security: security.client) { try await body($0, port) }
    )
  } catch { result = .failure(error) }
  await server.shutdown(grace: .milliseconds(200))
  try result.get()
}

/// Runs `body` with a client of a server on this machine.
func withClient(
  port: Int,
  security: ClientSecurity = .plaintext,
  _ body: (InteropClient) async throws -> Void
) async throws {
  var client = InteropClient {
    GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: security,
      group: MultiThreadedEventLoopGroup.singleton
    )
  }
  // How fast a machine under test is says nothing.
  client.soak.maxLatency = caseLimit
  client.soak.overallTimeout = caseLimit
  let result: Result<Void, any Error>
  do { result = .success(try await body(client)) } catch { result = .failure(error) }
  await client.channel.close()
  try result.get()
}

/// Runs a case by its name.
func run(_ name: String, _ client: InteropClient, limit: Duration = caseLimit) async throws {
  try await #require(InteropCase.named(name)).run(client, limit: limit)
}
