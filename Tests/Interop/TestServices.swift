import API
package import GRPC
package import Logging
import StandardServices

/// All that a test server serves.
package enum TestServices {
  /// The handlers of `grpc.testing.TestService` and `echo.v1.Echo`, of health and of reflection,
  /// each behind one interceptor.
  ///
  /// - Parameter logger: Is told of each call at the level `debug`.
  /// - Returns: What `GRPCServer` takes.
  package static func handlers(logger: Logger) -> [MethodHandler] {
    let log = CallLog(logger)
    let id = String(UInt64.random(in: 0 ... .max), radix: 16)
    var handlers = TestService(id: id).served(through: log) + EchoService().handlers(log)
    let health = HealthBoard(services: handlers.map(\.method.service))
    health.set(.serving)
    handlers += HealthService<ServerContext>(health).handlers(log)
    handlers += ReflectionService<ServerContext>(
      handlers: handlers,
      files: ProtoFiles.all + API.ProtoFiles.all
    ).bothVersions(log)
    return handlers
  }
}
