import API
package import GRPC
package import Logging
import StandardServices

/// All that a test server serves.
package struct TestServices: Sendable {
  /// The handlers of `grpc.testing.TestService` and `echo.v1.Echo`, of health and of reflection,
  /// each behind one interceptor.
  package let handlers: [MethodHandler]

  private let health: HealthBoard

  /// Services that are ready to serve.
  ///
  /// - Parameter logger: Is told of each call at the level `debug`.
  package init(logger: Logger) {
    let log = CallLog(logger)
    let id = String(UInt64.random(in: 0 ... .max), radix: 16)
    var handlers = TestService(id: id).served(through: log) + EchoService().handlers(log)
    health = HealthBoard(services: handlers.map(\.method.service))
    health.set(.serving)
    handlers += HealthService<ServerContext>(health).handlers(log)
    handlers += ReflectionService<ServerContext>(
      handlers: handlers,
      files: ProtoFiles.all + API.ProtoFiles.all
    ).bothVersions(log)
    self.handlers = handlers
  }

  /// Tells those who watch the health that nothing will be served, and lets them go.
  package func shutDown() {
    health.shutDown()
  }
}
