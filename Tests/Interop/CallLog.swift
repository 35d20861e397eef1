package import GRPC
package import Logging

/// Logs each call at the level `debug`: the one interceptor that benchmarks run through.
package struct CallLog: Interceptor {
  private let logger: Logger

  /// An interceptor that logs to `logger`.
  package init(_ logger: Logger) {
    self.logger = logger
  }

  /// Lets the call go on as it is.
  package func intercept(
    _ context: ServerContext,
    _ proceed: (ServerContext) async throws -> Void
  ) async throws {
    do {
      try await proceed(context)
      logger.debug("answered", metadata: ["method": "\(context.method.path)"])
    } catch {
      logger.debug(
        "refused",
        metadata: ["method": "\(context.method.path)", "error": "\(error)"]
      )
      throw error
    }
  }
}
