/// How much a transaction sees of others that commit meanwhile.
package enum Isolation: Sendable {
  case readCommitted, repeatableRead, serializable

  fileprivate var begin: SQL {
    switch self {
    case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
    case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
    case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
    }
  }
}

/// A transaction on a connection of its own, valid inside the body of `Database.transaction`.
///
/// Used after its end it throws `StoreError.transactionEnded`. After a failed statement the rest
/// fails too (SQLSTATE 25P02), as PostgreSQL has it.
package final class Transaction: Sendable {
  private let reactor: Reactor
  private let lease = Lease()
  private let limit: Duration?

  init(_ reactor: Reactor, limit: Duration?) {
    self.reactor = reactor
    self.limit = limit
  }

  /// Reads all rows.
  package func query<R: RowDecodable>(_ sql: SQL) async throws(StoreError) -> [R] {
    try await send(.statements([sql])).decoded()
  }

  /// Reads the first row; `nil` when there is none.
  package func first<R: RowDecodable>(_ sql: SQL) async throws(StoreError) -> R? {
    try await send(.statements([sql])).first()
  }

  /// Runs a statement.
  /// - Returns: how many rows it touched.
  @discardableResult
  package func execute(_ sql: SQL) async throws(StoreError) -> Int {
    try await send(.statements([sql])).affected
  }

  /// Runs statements one after the other in a single round trip, such as one a row.
  ///
  /// - Throws: the `StoreError` of the first that fails; those behind it are not run.
  package func execute(_ statements: [SQL]) async throws(StoreError) {
    guard !statements.isEmpty else { return }
    _ = try await send(.statements(statements))
  }

  /// Copies rows into a table in PostgreSQL's text format; all of them are held in memory.
  ///
  /// - Parameters:
  ///   - statement: `COPY table (columns) FROM STDIN`.
  ///   - lines: the columns of each row in their text form; `nil` is NULL.
  /// - Returns: how many rows were copied.
  /// - Throws: any `StoreError`.
  package func copyIn(
    _ statement: StaticString,
    _ lines: some Sequence<[String?]>
  ) async throws(StoreError) -> Int {
    let bytes = try CopyText.bytes(of: lines)
    return try await send(.copy("\(statement)", bytes)).affected
  }

  /// Runs several statements in the simple protocol: only for migrations, whose text is our own.
  func script(_ text: String) async throws(StoreError) {
    _ = try await send(.script(text))
  }

  func run<T: Sendable>(
    _ isolation: Isolation,
    _ settings: [(name: String, value: String)],
    _ body: (Transaction) async throws -> T
  ) async throws -> T {
    let limit = Limit(limit)
    let prefix = SQL(settings: settings + limit.settings, local: true).map { [$0] } ?? []
    // A job is parsed as a whole before any of it runs, and parsing a query takes the snapshot,
    // after which the isolation cannot be chosen: then the settings follow in a job of their own.
    let isChosen = isolation != .readCommitted
    let begin = [isolation.begin] + (isChosen ? [] : prefix)
    _ = try await reactor.run(
      Job(.begin, .statements(begin), lease: lease, expiry: limit.expiry)
    )

    let value: T
    do {
      if isChosen, !prefix.isEmpty { _ = try await send(.statements(prefix)) }
      value = try await body(self)
    } catch {
      // A ROLLBACK that fails leaves a broken connection, which the server rolls back itself.
      _ = try? await end(.rollback, "ROLLBACK")
      throw error
    }
    let answer = try await end(.commit, "COMMIT")
    // After a failed statement whose error the body has swallowed, COMMIT rolls back and says so.
    guard answer.command == "COMMIT" else {
      throw StoreError.server(sqlState: "25P02", message: "a statement before COMMIT had failed")
    }
    return value
  }

  /// Ends the transaction, whatever has become of the calling task.
  private func end(_ role: Job.Role, _ sql: SQL) async throws(StoreError) -> ResultSet {
    let limit = reactor.configuration.statementTimeout
    return try await reactor.run(
      Job(role, .statements([sql]), lease: lease, expiry: ContinuousClock.now + limit),
      isCancellable: false
    )
  }

  private func send(_ payload: Job.Payload) async throws(StoreError) -> ResultSet {
    try await reactor.run(
      Job(.statement, payload, lease: lease, expiry: Limit(limit).expiry)
    )
  }
}

/// The text format of COPY (documentation of PostgreSQL 15, COPY, "Text Format").
enum CopyText {
  /// All rows, one line each.
  static func bytes(of lines: some Sequence<[String?]>) throws(StoreError) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
      for (index, column) in line.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: "\t")) }
        guard let column else {
          bytes.append(contentsOf: "\\N".utf8)
          continue
        }
        for byte in column.utf8 {
          switch byte {
          case 0: throw .value("text with an embedded NUL")
          case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
          case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
          case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
          case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
          default: bytes.append(byte)
          }
        }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}
