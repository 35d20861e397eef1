package import GRPC
package import Logging

/// All that a test server serves.
package enum TestServices {
  /// The handlers of `grpc.testing.TestService` and `echo.v1.Echo`, each behind one interceptor.
  ///
  /// - Parameter logger: Is told of each call at the level `debug`.
  /// - Returns: What `GRPCServer` takes.
  package static func handlers(logger: Logger) -> [MethodHandler] {
    let log = CallLog(logger)
    let id = String(UInt64.random(in: 0 ... .max), radix: 16)
    return TestService(id: id).served(through: log) + EchoService().handlers(log)
  }
}
