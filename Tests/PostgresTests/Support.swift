import Glibc
import Logging
import Postgres
import Synchronization
import Testing

/// What keeps a test from running at all.
struct NoDatabase: Error, CustomStringConvertible {
  let description =
    "set HOCBA_TEST_DATABASE to the URL of a database in which schemas and roles may be made"
}

/// A database of its own settings, shut down at the end of the test.
///
/// A closure in which only `#expect` throws has to say `async throws` itself.
func withDatabase<T: Sendable>(
  _ change: (inout DatabaseConfiguration) -> Void = { _ in },
  _ body: (Database) async throws -> T
) async throws -> T {
  guard let url = unsafe getenv("HOCBA_TEST_DATABASE") else { throw NoDatabase() }
  var configuration = unsafe DatabaseConfiguration(String(cString: url))
  change(&configuration)
  var logger = Logger(label: "test")
  logger.logLevel = .error
  let database = Database(configuration, logger: logger)
  do {
    let value = try await body(database)
    await database.shutdown()
    return value
  } catch {
    await database.shutdown()
    throw error
  }
}

/// A schema of the test's own, first in the search path and gone afterwards.
///
/// The script makes what it holds; with `nil` the schema is left to the test to make.
func withSchema(
  _ script: String?,
  _ change: (inout DatabaseConfiguration) -> Void = { _ in },
  _ body: (Database, String) async throws -> Void
) async throws {
  let schema = "test_\(UInt32.random(in: 0 ... .max))"
  try await withDatabase({
    $0.add(option: "search_path", schema)
    change(&$0)
  }) { database in
    if let script {
      let migration = Migration(name: "m0001_test", sql: script)
      _ = try await Migrator(schema: schema, [migration]).run(on: database)
    }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(database, schema)) } catch { outcome = .failure(error) }
    try await execute("DROP SCHEMA IF EXISTS %I CASCADE", schema, database)
    try outcome.get()
  }
}

/// Runs a statement about a name, which cannot be a parameter.
func execute(_ format: String, _ name: String, _ database: Database) async throws {
  try await database.transaction(
    settings: [("hocba.test_format", format), ("hocba.test_name", name)]
  ) { transaction in
    try await transaction.execute(
      """
      DO 'BEGIN EXECUTE format(
        current_setting(''hocba.test_format''), current_setting(''hocba.test_name'')); END'
      """
    )
  }
}

extension DatabaseConfiguration {
  /// Adds a setting of the server's to the URL or connection string.
  mutating func add(option: String, _ value: String) {
    if connection.contains("://") {
      connection += "\(connection.contains("?") ? "&" : "?")options=-c\(option)%3D\(value)"
    } else {
      connection += " options='-c\(option)=\(value)'"
    }
  }
}

/// The error that `body` throws, `nil` when it throws none or another.
func storeError<T>(_ body: () async throws -> T) async -> StoreError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? StoreError
  }
}

/// A door that opens once.
final class Gate: Sendable {
  private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>(
    (false, [])
  )

  func open() {
    let waiting = state.withLock { state in
      defer { state = (true, []) }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}

/// Numbers in the order in which they came.
final class Record: Sendable {
  private let state = Mutex<[Int]>([])
  var numbers: [Int] { state.withLock { $0 } }
  func append(_ number: Int) { state.withLock { $0.append(number) } }
}
