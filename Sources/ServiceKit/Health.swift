import API
import Postgres
import StandardServices

extension HealthBoard {
  /// Says every second whether the services can do their work, which takes the database and its
  /// schema; until the task is cancelled.
  func follow(_ schema: SchemaCheck, in database: Database) async {
    while !Task.isCancelled {
      set(await schema.isCurrent(in: database) ? .serving : .notServing)
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
    }
  }
}
