package import Foundation
package import GRPC
package import Logging
import NIOCore
import NIOPosix
import Postgres
package import ServiceKit
import Synchronization

/// One service in this process, over a database, with a client.
package struct TestService: Sendable {
  package let kit: Kit
  package let client: GRPCClient
  private let server: GRPCServer

  /// Starts a service under the rights of its login role, on a free port.
  package init(
    _ name: String,
    over database: TestDatabase,
    clock: ServiceClock = .system,
    logger: Logger = TestLog.quiet,
    _ make: (Kit) async throws -> [MethodHandler]
  ) async throws {
    kit = Kit(
      name: name,
      database: Database(DatabaseConfiguration(database.connection(as: name)), logger: logger),
      clock: clock,
      logger: logger
    )
    server = GRPCServer(
      configuration: .service(host: "127.0.0.1", port: 0, security: .plaintext),
      handlers: try await make(kit),
      group: MultiThreadedEventLoopGroup.singleton,
      logger: logger
    )
    let address = try await server.start()
    client = GRPCClient(
      host: "127.0.0.1",
      port: address.port ?? 0,
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
  }

  /// Runs a test against the service, and stops it.
  package func run(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch {
      await stop()
      throw error
    }
    await stop()
  }

  /// Ends server, client and connections.
  package func stop() async {
    await client.close()
    await server.shutdown(grace: .seconds(1))
    await kit.database.shutdown()
  }
}

/// A clock that a test moves.
package final class TestClock: Sendable {
  private let time: Mutex<Date>

  /// Begins now.
  package init() { time = Mutex(ServiceClock.system.now) }

  package var clock: ServiceClock { ServiceClock { [self] in time.withLock { $0 } } }

  package func advance(by seconds: Int) {
    time.withLock { $0 += TimeInterval(seconds) }
  }

  package func set(_ date: Date) { time.withLock { $0 = date } }
}

/// Logs for services in tests.
package enum TestLog {
  /// One that says nothing.
  package static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// A log that a test reads.
package final class TestLogLines: Sendable {
  private let lines = Mutex<[String]>([])

  package init() {}

  /// Every entry with its metadata.
  package var all: [String] { lines.withLock { $0 } }

  package var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  private struct Handler: LogHandler {
    let log: TestLogLines
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    init(log: TestLogLines) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let line = "\(event.level) \(event.message) \(event.metadata ?? [:])"
      log.lines.withLock { $0.append(line) }
    }
  }
}
