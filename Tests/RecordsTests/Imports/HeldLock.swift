import Foundation
import Logging
import Postgres
import TestSupport
import TestTools

/// A lock that a transaction of somebody else holds until it is released.
struct HeldLock: Sendable {
  fileprivate let database: Database
  fileprivate let holding: Task<Void, any Error>
  fileprivate let ending: AsyncStream<Void>.Continuation

  /// Ends the transaction.
  func release() async throws {
    ending.finish()
    try await holding.value
    await database.shutdown()
  }
}

extension TestDatabase {
  /// Runs a statement as the service and keeps its transaction open.
  func hold(_ statement: SQL) async throws -> HeldLock {
    let database = Database(
      DatabaseConfiguration(connection(as: "records")),
      logger: Logger(label: "test")
    )
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let (held, hold) = AsyncStream.makeStream(of: Void.self)
    let holding = Task {
      try await database.transaction { transaction in
        try await transaction.execute(statement)
        hold.finish()
        for await _ in released {}
      }
    }
    for await _ in held {}
    return HeldLock(database: database, holding: holding, ending: release)
  }

  /// Waits until somebody waits for a lock.
  func waitForBlocked() async throws { try await wait(for: "wait_event_type = 'Lock'", count: 1) }

  /// Waits until no transaction is open any more.
  func waitForQuiet() async throws { try await wait(for: "xact_start IS NOT NULL", count: 0) }

  private func wait(for condition: String, count: Int) async throws {
    for _ in 0..<2_000 {
      let found = try run(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
          + "AND pid <> pg_backend_pid() AND \(condition)"
      )
      if found == ["\(count)"] { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw TestFailure("never happened: \(condition)")
  }
}
