package import Logging

/// How to reach a database, and how much of it to use.
package struct DatabaseConfiguration: Sendable {
  /// A connection string or URL as libpq takes it.
  package var connection: String
  /// Connections on which reads are pipelined.
  package var sharedConnections = 2
  /// Connections for transactions; the sum over all services stays below `max_connections` (100).
  package var exclusiveConnections = 10
  /// Limit of a statement without deadline.
  package var statementTimeout = Duration.seconds(30)
  /// How long callers wait for a database that cannot be reached.
  package var patience = Duration.seconds(5)
  /// Callers that may wait for a connection; more are refused.
  package var queueLimit = 10_000

  /// The defaults fit one service on a small machine.
  package init(_ connection: String) { self.connection = connection }
}

/// A PostgreSQL database.
///
/// Reads of one statement share connections in pipeline mode; transactions have a connection each.
/// Connections start when they are first needed and come back by themselves.
package final class Database: Sendable {
  /// When the surrounding call has to be answered; bounds every statement below it.
  @TaskLocal package static var deadline: ContinuousClock.Instant?

  private let reactor: Reactor

  /// Takes up no connection yet.
  package init(_ configuration: DatabaseConfiguration, logger: Logger) {
    reactor = Reactor(configuration, logger: logger)
  }

  deinit { reactor.post(.shutdown(nil)) }

  /// Reads all rows on a shared connection, where nothing can be written.
  ///
  /// A long read keeps those behind it waiting: give it a transaction. The settings are made with
  /// `set_config(name, value, true)` for this statement alone.
  package func query<R: RowDecodable>(
    _ sql: SQL,
    settings: [(StaticString, String)] = []
  ) async throws(StoreError) -> [R] {
    try await read(sql, settings).decoded()
  }

  /// Reads the first row on a shared connection; `nil` when there is none.
  package func first<R: RowDecodable>(
    _ sql: SQL,
    settings: [(StaticString, String)] = []
  ) async throws(StoreError) -> R? {
    try await read(sql, settings).first()
  }

  /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws.
  ///
  /// Waits its turn when all connections are taken, first come first served. The settings are made
  /// with `set_config(name, value, true)` for the length of the transaction. Throws what `body`
  /// throws, or `StoreError.commitUnknown` when the answer to COMMIT was lost.
  @discardableResult
  package func transaction<T: Sendable>(
    _ isolation: Isolation = .readCommitted,
    settings: [(StaticString, String)] = [],
    _ body: (Transaction) async throws -> T
  ) async throws -> T {
    let transaction = Transaction(reactor, limit: reactor.configuration.statementTimeout)
    return try await transaction.run(isolation, settings.map { ("\($0)", $1) }, body)
  }

  /// Runs `body` in a transaction without any limit of time.
  func migration<T: Sendable>(
    role: String?,
    _ body: (Transaction) async throws -> T
  ) async throws -> T {
    let settings = [("statement_timeout", "0")] + (role.map { [("role", $0)] } ?? [])
    return try await Transaction(reactor, limit: nil).run(.readCommitted, settings, body)
  }

  /// Refuses new work, waits for what is under way (30 s at most), and closes all connections.
  package func shutdown() async {
    await withCheckedContinuation { reactor.post(.shutdown($0)) }
  }

  private func read(
    _ sql: SQL,
    _ settings: [(StaticString, String)]
  ) async throws(StoreError) -> ResultSet {
    let limit = Limit(reactor.configuration.statementTimeout)
    let settings = settings.map { ("\($0)", $1) } + limit.settings
    let prefix = SQL(settings: settings, local: true)
    return try await reactor.run(
      Job(.read, .statements(prefix.map { [$0, sql] } ?? [sql]), expiry: limit.expiry)
    )
  }
}

/// What the surrounding deadline means for a statement.
struct Limit {
  /// `statement_timeout`, where the deadline is nearer than the session's own limit.
  let settings: [(name: String, value: String)]
  /// When the caller stops waiting: a little later, so that the server speaks first.
  let expiry: ContinuousClock.Instant?

  init(_ limit: Duration?) {
    guard let limit else {
      settings = []
      expiry = nil
      return
    }
    let now = ContinuousClock.now
    let left = Database.deadline.map { $0 - now }
    if let left, left < limit {
      settings = [("statement_timeout", "\(left.milliseconds)")]
    } else {
      settings = []
    }
    expiry = now + min(left ?? limit, limit) + .milliseconds(250)
  }
}
