package import API
import GRPC

/// `google.longrunning.Operations` over what `Operations` keeps.
package struct OperationsService<Context: Sendable>: GoogleLongrunning.OperationsProvider {
  private static var largestPage: Int { 1_000 }

  /// What is left of a caller's deadline for the way back.
  private static var margin: Duration { .milliseconds(100) }

  private let operations: Operations
  private let owner: @Sendable (Context) throws -> String

  /// A service.
  ///
  /// - Parameters:
  ///   - operations: What it looks after.
  ///   - owner: Who calls: the same text as the one with which an operation is started.
  package init(_ operations: Operations, owner: @escaping @Sendable (Context) throws -> String) {
    self.operations = operations
    self.owner = owner
  }

  /// One page of the caller's operations, the newest first.
  ///
  /// - Throws: `RPCError` INVALID_ARGUMENT for a filter, size or token that is none.
  package func listOperations(
    _ request: GoogleLongrunning.ListOperationsRequest,
    _ context: Context
  ) async throws -> GoogleLongrunning.ListOperationsResponse {
    guard ["", "operations"].contains(request.name) else {
      throw RPCError(.invalidArgument, "name: operations stand below nothing")
    }
    guard request.pageSize >= 0 else {
      throw RPCError(.invalidArgument, "page_size: is negative")
    }
    var all = operations.all(of: try owner(context))
    switch request.filter {
    case "": break
    case "done=true": all.removeAll { !$0.done }
    case "done=false": all.removeAll { $0.done }
    default: throw RPCError(.invalidArgument, "filter: must be done=true or done=false")
    }
    if !request.pageToken.isEmpty {
      guard let last = all.firstIndex(where: { $0.name == request.pageToken }) else {
        throw RPCError(.invalidArgument, "page_token: begin again")
      }
      all.removeFirst(last + 1)
    }
    let size = request.pageSize == 0 ? 100 : min(Int(request.pageSize), Self.largestPage)
    let page = Array(all.prefix(size))
    return GoogleLongrunning.ListOperationsResponse(
      operations: page,
      nextPageToken: all.count > size ? page.last?.name ?? "" : ""
    )
  }

  /// How an operation stands.
  ///
  /// - Throws: `RPCError` NOT_FOUND, also for the operations of others.
  package func getOperation(
    _ request: GoogleLongrunning.GetOperationRequest,
    _ context: Context
  ) async throws -> GoogleLongrunning.Operation {
    try operations.find(request.name, of: owner(context)).0.value
  }

  /// Forgets an operation that is done.
  ///
  /// - Throws: `RPCError` NOT_FOUND; FAILED_PRECONDITION while it is under way.
  package func deleteOperation(
    _ request: GoogleLongrunning.DeleteOperationRequest,
    _ context: Context
  ) async throws -> GoogleProtobuf.Empty {
    try operations.forget(request.name, of: owner(context))
    return GoogleProtobuf.Empty()
  }

  /// Cancels the task of an operation; one that is done stays as it is.
  ///
  /// - Throws: `RPCError` NOT_FOUND.
  package func cancelOperation(
    _ request: GoogleLongrunning.CancelOperationRequest,
    _ context: Context
  ) async throws -> GoogleProtobuf.Empty {
    try operations.find(request.name, of: owner(context)).1?.cancel()
    return GoogleProtobuf.Empty()
  }

  /// Waits for the end of an operation, no longer than asked and than the call may take.
  ///
  /// - Throws: `RPCError` NOT_FOUND; INVALID_ARGUMENT for a timeout that is negative.
  package func waitOperation(
    _ request: GoogleLongrunning.WaitOperationRequest,
    _ context: Context
  ) async throws -> GoogleLongrunning.Operation {
    let operation = try operations.find(request.name, of: owner(context)).0
    var ends = [Deadline.current.map { $0 - Self.margin }].compactMap { $0 }
    if let timeout = request.timeout {
      guard timeout.seconds >= 0, timeout.nanos >= 0 else {
        throw RPCError(.invalidArgument, "timeout: is negative")
      }
      // No call lasts longer, and a Duration holds no more.
      let seconds = min(timeout.seconds, 315_576_000_000)
      ends.append(.now + .seconds(seconds) + .nanoseconds(Int64(timeout.nanos)))
    }
    let end = ends.min()
    try await withThrowingTaskGroup { group in
      group.addTask { for await value in operation.values() where value.done { return } }
      if let end { group.addTask { try await Task.sleep(until: end) } }
      try await group.next()
      group.cancelAll()
    }
    return operation.value
  }
}
