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

/// A name that no other test has.
func uniqueName(_ prefix: String) -> String {
  "\(prefix)_\(UInt32.random(in: 0 ... .max))"
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
