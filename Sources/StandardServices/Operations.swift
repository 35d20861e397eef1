package import API
import Foundation
package import GRPC
package import Protobuf
import Synchronization

/// Work that goes on after the call that started it, kept in the memory of this process.
///
/// What has ended is kept for a while for whoever asks; a restart forgets all of it, so that work
/// must be such that it can be started again.
/// Source: AIP-151.
package final class Operations: Sendable {
  private struct Entry {
    let owner: String
    let operation: Watched<GoogleLongrunning.Operation>
    var task: Task<Void, Never>?
    var endedAt: ContinuousClock.Instant?
  }

  private struct State {
    /// In the order in which they were started.
    var entries: [(name: String, entry: Entry)] = []
    var isShutDown = false
  }

  private let state = Mutex(State())
  private let limit: Int
  private let keptFor: Duration

  /// No operations yet.
  ///
  /// - Parameters:
  ///   - limit: How many may be under way, and how many that have ended are kept.
  ///   - keptFor: How long one that has ended is kept.
  package init(limit: Int = 1_000, keptFor: Duration = .seconds(24 * 3600)) {
    self.limit = limit
    self.keptFor = keptFor
  }

  /// Starts work.
  ///
  /// - Parameters:
  ///   - owner: Who alone may see it.
  ///   - metadata: How far it is at the beginning.
  ///   - work: Runs in a task of its own, which `CancelOperation` cancels; it is given a function
  ///     that takes how far it is. What it throws is the operation's error, as with a call.
  /// - Returns: The operation, for the answer of the call that starts it.
  /// - Throws: `RPCError` RESOURCE_EXHAUSTED when too many are under way, UNAVAILABLE after
  ///   `shutDown`.
  package func start<Metadata: ProtobufMessage, Response: ProtobufMessage>(
    owner: String,
    metadata: Metadata,
    _ work:
      @escaping @Sendable (_ report: @Sendable (Metadata) -> Void) async throws -> Response
  ) throws(RPCError) -> GoogleLongrunning.Operation {
    let name = "operations/\(UUID().uuidString.lowercased())"
    let operation = Watched(
      GoogleLongrunning.Operation(name: name, metadata: .init(packing: metadata))
    )
    try add(Entry(owner: owner, operation: operation), name)
    // Detached: it has neither the deadline nor the event loop of the call.
    let task = Task.detached {
      let result: GoogleLongrunning.Operation.Result
      do {
        let response = try await work { progress in
          operation.update { $0.metadata = .init(packing: progress) }
        }
        result = .response(.init(packing: response))
      } catch {
        result = .error(GoogleRPC.Status(RPCError(answering: error)))
      }
      self.end(name, result)
    }
    state.withLock { state in
      guard let index = state.entries.firstIndex(where: { $0.name == name }) else { return }
      if state.entries[index].entry.endedAt == nil { state.entries[index].entry.task = task }
    }
    return operation.value
  }

  private func add(_ entry: Entry, _ name: String) throws(RPCError) {
    let oldest = ContinuousClock.now - keptFor
    let refusal: RPCError? = state.withLock { state in
      guard !state.isShutDown else { return RPCError(.unavailable, "the server is shutting down") }
      state.entries.removeAll { $0.entry.endedAt.map { $0 < oldest } ?? false }
      let ended = state.entries.count { $0.entry.endedAt != nil }
      guard state.entries.count - ended < limit else {
        return RPCError(.resourceExhausted, "\(limit) operations are under way")
      }
      if ended >= limit, let first = state.entries.firstIndex(where: { $0.entry.endedAt != nil }) {
        state.entries.remove(at: first)
      }
      state.entries.append((name, entry))
      return nil
    }
    if let refusal { throw refusal }
  }

  private func end(_ name: String, _ result: GoogleLongrunning.Operation.Result) {
    state.withLock { state in
      guard let index = state.entries.firstIndex(where: { $0.name == name }) else { return }
      state.entries[index].entry.endedAt = .now
      state.entries[index].entry.task = nil
      let operation = state.entries[index].entry.operation
      operation.update { operation in
        operation.done = true
        operation.result = result
      }
      operation.finish()
    }
  }

  /// Cancels all that is under way, and starts nothing more.
  package func shutDown() {
    let tasks = state.withLock { state in
      state.isShutDown = true
      return state.entries.compactMap(\.entry.task)
    }
    for task in tasks { task.cancel() }
  }

  // What the service needs. "Not there" and "not yours" look the same.

  func find(
    _ name: String,
    of owner: String
  ) throws(RPCError) -> (Watched<GoogleLongrunning.Operation>, Task<Void, Never>?) {
    let entry = state.withLock { $0.entries.first { $0.name == name && $0.entry.owner == owner } }
    guard let entry = entry?.entry else { throw RPCError(.notFound, "no operation \(name)") }
    return (entry.operation, entry.task)
  }

  /// Those of an owner, the newest first.
  func all(of owner: String) -> [GoogleLongrunning.Operation] {
    state.withLock { state in
      state.entries.reversed().filter { $0.entry.owner == owner }.map(\.entry.operation.value)
    }
  }

  func forget(_ name: String, of owner: String) throws(RPCError) {
    guard try find(name, of: owner).0.value.done else {
      throw RPCError(.failedPrecondition, "\(name) is under way: cancel it first")
    }
    state.withLock { state in state.entries.removeAll { $0.name == name } }
  }
}

extension GoogleRPC.Status {
  /// The status of a failed call, with the details that it has.
  init(_ error: RPCError) {
    let plain = GoogleRPC.Status(code: Int32(error.code.rawValue), message: error.message)
    let detailed = error.details.isEmpty ? nil : try? GoogleRPC.Status(decoding: error.details)
    self = detailed ?? plain
  }
}
