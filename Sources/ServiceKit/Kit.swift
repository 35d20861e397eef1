import Crypto
import Foundation
package import GRPC
package import Logging
package import Postgres
package import StandardServices
import Synchronization

/// What every handler of a service shares: the database, the clock, the log, and who may call.
package final class Kit: Interceptor {
  /// Name of the service: `identity`, `records`, `signing`, `reporting`.
  package let name: String
  /// The service's own database connections, under its own login role.
  package let database: Database
  /// The time.
  package let clock: ServiceClock
  /// The log.
  package let logger: Logger
  /// Work that outlives the call that starts it; owned by the id of the caller.
  package let operations = Operations()
  /// Keeps what identity publishes for a short while, so that a call costs no query for it.
  private let published = Mutex(Published())

  private struct Published {
    var keys: [String: PublicKey] = [:]
    var keysReadAt = Date.distantPast
    var paths: [OrganizationID: (path: [OrganizationID], readAt: Date)] = [:]
  }

  /// How long a published key or organisation may be out of date here.
  private static let staleAfter: TimeInterval = 10
  /// How many paths are kept: more organisations than a province has.
  private static let keptPaths = 10_000

  /// Makes a kit.
  package init(name: String, database: Database, clock: ServiceClock, logger: Logger) {
    self.name = name
    self.database = database
    self.clock = clock
    self.logger = logger
  }

  /// Opens a call: finds its rule, checks its token, and whether such a caller could ever be
  /// allowed.
  ///
  /// Runs before the request is decoded.
  /// - Throws: `Problem`: UNAUTHENTICATED `TOKEN_INVALID`, `TOKEN_EXPIRED`; PERMISSION_DENIED
  ///   `NOT_ALLOWED`.
  package func open(_ context: ServerContext) async throws -> Call {
    switch Authorization.rule(of: context.method) {
    case nil: throw Problem.notAllowed
    case .open: return Call(kit: self, context: context, caller: nil, action: nil)
    case .needs(let action):
      let caller = try await caller(of: context.metadata)
      guard Authorization.mayAllow(action, by: caller) else { throw Problem.notAllowed }
      return Call(kit: self, context: context, caller: caller, action: action)
    }
  }

  /// Lets a call go on as what its handler takes.
  package func intercept(
    _ context: ServerContext,
    _ proceed: (Call) async throws -> Void
  ) async throws {
    try await proceed(open(context))
  }

  /// The caller that the `authorization` metadata names.
  private func caller(of metadata: Metadata) async throws -> Caller {
    guard let header = metadata["authorization"], header.lowercased().hasPrefix("bearer ") else {
      throw Problem.tokenInvalid
    }
    let token = String(header.dropFirst(7))
    let (keys, readAt) = published.withLock { ($0.keys, $0.keysReadAt) }
    if clock.now.timeIntervalSince(readAt) < Self.staleAfter {
      do throws(Problem) {
        return try AccessToken.caller(of: token, keys: keys, now: clock.seconds)
      } catch {
        // The next key may have taken over a moment ago. A stranger's token costs a small query, as
        // the open methods do.
        guard error.reason == Problem.tokenInvalid.reason else { throw error }
      }
    }
    let fresh = try await database.tokenKeys()
    published.withLock { state in
      state.keys = fresh
      state.keysReadAt = clock.now
    }
    return try AccessToken.caller(of: token, keys: fresh, now: clock.seconds)
  }

  /// An organisation and all above it, nearest first; empty if there is none such.
  package func path(of organization: OrganizationID) async throws -> [OrganizationID] {
    let now = clock.now
    if let kept = published.withLock({ $0.paths[organization] }),
      now.timeIntervalSince(kept.readAt) < Self.staleAfter
    {
      return kept.path
    }
    let path = try await database.organizationPath(organization).map(\.id)
    guard !path.isEmpty else { return [] }
    published.withLock { state in
      if state.paths.count >= Self.keptPaths { state.paths.removeAll() }
      state.paths[organization] = (path, now)
    }
    return path
  }
}
