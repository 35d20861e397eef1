import ArgumentParser
import Foundation
import GRPC
import Interop
import Logging
import NIOCore
import NIOPosix
import StandardServices

/// `grpc-test-server`: what anybody's gRPC client can be held against.
@main
struct Main: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grpc-test-server",
    abstract: "Serves grpc.testing.TestService and echo.v1.Echo, for interoperability tests.",
    discussion: """
      Prints `listening on ADDRESS:PORT` when it accepts connections. SIGTERM or SIGINT: takes no \
      new calls, lets those that run come to their end, and ends with status 0.

      Example: grpc-test-server --port 8080
               grpc-test-client --server_port 8080 --test_case all
      """
  )

  @Option(help: "Address or name to listen on.")
  var host = "127.0.0.1"

  @Option(help: "Port to listen on; 0: one that is free.")
  var port = 0

  @OptionGroup(title: "TLS")
  var tls: TLSOptions

  @Option(
    name: [.customLong("event-loops"), .customLong("event_loops")],
    help: "Threads that serve connections; by default as many as there are cores."
  )
  var eventLoops = System.coreCount

  @Option(
    name: [.customLong("max-connections"), .customLong("max_connections")],
    help: "Connections at a time."
  )
  var maxConnections = 20_000

  @Option(
    name: [.customLong("grace-seconds"), .customLong("grace_seconds")],
    help: "How long calls may still run after SIGTERM."
  )
  var graceSeconds = 10

  @Flag(help: "Log each call on standard error.")
  var verbose = false

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port is from 0 to 65535") }
    guard (1...1_024).contains(eventLoops) else {
      throw ValidationError("--event-loops is from 1 to 1024")
    }
    guard maxConnections > 0 else { throw ValidationError("--max-connections is positive") }
    guard graceSeconds >= 0 else { throw ValidationError("--grace-seconds is not negative") }
  }

  func run() async throws {
    let end = EndSignal()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: eventLoops)
    var logger = Logger(label: "grpc-test-server") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = verbose ? .debug : .warning
    let services = TestServices(logger: logger)
    let server = GRPCServer(
      configuration: try serverConfiguration(),
      handlers: services.handlers,
      group: group,
      logger: logger
    )
    let address = try await server.start()
    say("listening on \(address.ipAddress ?? host):\(address.port ?? port)")
    await end.wait()
    services.shutDown()
    await server.shutdown(grace: .seconds(graceSeconds))
    try await group.shutdownGracefully()
  }

  private func serverConfiguration() throws -> ServerConfiguration {
    var configuration = ServerConfiguration(
      host: host,
      port: port,
      security: try tls.security()
    )
    configuration.maxConnections = maxConnections
    return configuration
  }

  /// Says it at once, also where standard output is a file or a pipe.
  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}
