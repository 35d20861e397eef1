import API
import Foundation
package import GRPC
import Logging
import NIOPosix
import Postgres
import Schema
import StandardServices

/// Runs one service from its settings to its end.
package enum Service {
  /// Reads the settings, opens the database, serves until SIGTERM or SIGINT, drains, and returns
  /// the exit status.
  ///
  /// - Parameters:
  ///   - name: Name of the service, which is also its schema.
  ///   - own: The settings of its own, besides those that every service has.
  ///   - make: Makes the handlers.
  /// - Returns: 0 after an orderly end, 1 if it could not start.
  package static func run(
    _ name: String,
    settings own: [any AnySetting] = [],
    _ make: (Kit, Settings) async throws -> [MethodHandler]
  ) async -> Int32 {
    let declared = ServiceSettings.all + own
    if CommandLine.arguments.dropFirst().contains("--help") {
      print(help(name, declared))
      return 0
    }
    do {
      let settings = try Settings(ProcessInfo.processInfo.environment, declared: declared)
      try await serve(name, settings, make)
      return 0
    } catch {
      FileHandle.standardError.write(Data("hocba-\(name): \(error)\n".utf8))
      return 1
    }
  }

  private static func serve(
    _ name: String,
    _ settings: Settings,
    _ make: (Kit, Settings) async throws -> [MethodHandler]
  ) async throws {
    let security = try SecuritySettings.server(settings)
    var logger = Logger(label: "hocba.\(name)") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = settings[ServiceSettings.logLevel]
    let database = Database(
      DatabaseConfiguration(settings[ServiceSettings.databaseURL]),
      logger: logger
    )
    let kit = Kit(name: name, database: database, clock: .system, logger: logger)
    let schema = SchemaCheck(name: name)
    try await schema.require(in: database)
    let configuration = ServerConfiguration.service(
      host: settings[ServiceSettings.host],
      port: settings[ServiceSettings.port],
      security: security
    )
    var handlers = try await make(kit, settings)
    handlers += OperationsService(kit.operations) { (call: Call) in try call.caller.id }
      .handlers(kit)
    let health = HealthBoard(
      services: handlers.map(\.method.service) + [GRPCHealthV1.HealthMethods.check.service]
    )
    handlers += HealthService<Call>(health).handlers(kit)
    handlers += ReflectionService<Call>(handlers: handlers, files: ProtoFiles.all)
      .bothVersions(kit)
    let server = GRPCServer(
      configuration: configuration,
      handlers: handlers,
      group: MultiThreadedEventLoopGroup.singleton,
      logger: logger
    )
    health.set(.serving)
    let watch = Task { await health.follow(schema, in: database) }
    let address = try await server.start()
    logger.notice("serving", metadata: ["address": "\(address)"])
    await EndSignal().wait()
    logger.notice("stopping")
    watch.cancel()
    health.shutDown()
    kit.operations.shutDown()
    await server.shutdown(grace: settings[ServiceSettings.drainTime])
    await database.shutdown()
    logger.notice("stopped")
  }

  private static func help(_ name: String, _ settings: [any AnySetting]) -> String {
    var lines = [
      "hocba-\(name): the \(name) service of Học bạ. It is configured by environment variables:",
      "",
    ]
    for setting in settings {
      let value = setting.defaultText.map { $0.isEmpty ? "empty" : $0 } ?? "required"
      lines.append("  \(setting.name)  (\(value))\n      \(setting.purpose)")
    }
    lines += [
      "", "SIGTERM drains calls in progress and ends. `hocba migrate` prepares the database.",
    ]
    return lines.joined(separator: "\n")
  }
}

/// Whether the database has exactly the migrations that this program knows.
struct SchemaCheck: Sendable {
  let name: String

  /// Ends the start of a service on a database that is older or newer than it.
  func require(in database: Database) async throws {
    let expected = SchemaMigrations.names(of: name)
    let found = try await applied(in: database)
    guard found != expected else { return }
    throw SettingsError(problems: [
      "the schema \(name) has \(found.last ?? "nothing"), this program needs "
        + "\(expected.last ?? "nothing"): run `hocba migrate` of this version"
    ])
  }

  func isCurrent(in database: Database) async -> Bool {
    (try? await applied(in: database)) == SchemaMigrations.names(of: name)
  }
}
