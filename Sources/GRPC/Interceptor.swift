/// Code around a call, at either end: authentication, authorisation, audit, metrics, tracing and
/// logging are made of this.
///
/// It is given the call's context and lets the call go on with a context of its own choice, which
/// may be of another type: one that checks who calls takes a `ServerContext` and hands on what the
/// handlers of a service are written against, so that no handler can be reached without it.
/// Interceptors run in the task of the call, from the outermost to the innermost and back.
///
/// ```swift
/// struct CallLog: Interceptor {
///   let logger: Logger
///
///   func intercept(
///     _ context: ServerContext,
///     _ proceed: (ServerContext) async throws -> Void
///   ) async throws {
///     do {
///       try await proceed(context)
///       logger.info("answered", metadata: ["method": "\(context.method.path)"])
///     } catch {
///       let status = RPCError(answering: error)
///       logger.info("refused", metadata: ["status": "\(status.code)"])
///       throw error
///     }
///   }
/// }
/// ```
@usableFromInline package protocol Interceptor<Incoming, Outgoing>: Sendable {
  /// What it is given: a server's or a client's own context, or what the interceptor outside of it
  /// made of that.
  associatedtype Incoming: Sendable

  /// What it hands on.
  associatedtype Outgoing: Sendable

  /// Runs once a call.
  ///
  /// At a server the call's status is sent when the outermost interceptor has returned, or thrown;
  /// the request has not been decoded before the innermost goes on.
  /// - Parameters:
  ///   - context: The call so far.
  ///   - proceed: Goes on with the call, and returns when it has ended well; called at most once.
  /// - Throws: The call's status; what `proceed` throws, unless there is a reason to hide it.
  func intercept(
    _ context: Incoming,
    _ proceed: (Outgoing) async throws -> Void
  ) async throws
}

extension Interceptor {
  /// Both, this one around `inner`.
  package func around<Inner: Interceptor>(
    _ inner: Inner
  ) -> some Interceptor<Incoming, Inner.Outgoing> where Inner.Incoming == Outgoing {
    InterceptorPair(outer: self, inner: inner)
  }
}

private struct InterceptorPair<Outer: Interceptor, Inner: Interceptor>: Interceptor
where Inner.Incoming == Outer.Outgoing {
  let outer: Outer
  let inner: Inner

  func intercept(
    _ context: Outer.Incoming,
    _ proceed: (Inner.Outgoing) async throws -> Void
  ) async throws {
    try await outer.intercept(context) { try await inner.intercept($0, proceed) }
  }
}
