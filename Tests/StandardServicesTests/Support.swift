import GRPC
import Logging
import NIOCore
import NIOPosix
import StandardServices

/// Whoever the metadata `x-name` says.
struct Named: Interceptor {
  func intercept(
    _ context: ServerContext,
    _ proceed: (String) async throws -> Void
  ) async throws {
    try await proceed(context.metadata["x-name"] ?? "nobody")
  }
}

/// Runs `body` against a server of its own.
func withServer(
  _ handlers: [MethodHandler],
  _ body: (GRPCClient, Int) async throws -> Void
) async throws {
  let group = MultiThreadedEventLoopGroup.singleton
  let server = GRPCServer(
    configuration: ServerConfiguration(host: "127.0.0.1", port: 0, security: .plaintext),
    handlers: handlers,
    group: group,
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  )
  let port = try await server.start().port ?? 0
  let client = GRPCClient(
    host: "127.0.0.1",
    port: port,
    security: .plaintext,
    group: group
  )
  let result: Result<Void, any Error>
  do { result = .success(try await body(client, port)) } catch { result = .failure(error) }
  await client.close()
  await server.shutdown(grace: .milliseconds(200))
  try result.get()
}

/// The code with which `body` ends.
func code(_ body: () async throws -> Void) async -> RPCCode? {
  do {
    try await body()
    return nil
  } catch {
    return RPCError(answering: error).code
  }
}
