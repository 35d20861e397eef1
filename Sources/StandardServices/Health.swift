package import API
package import GRPC

/// What a server says of itself, and of each of its services.
///
/// Source: grpc/grpc `doc/health-checking.md`.
package final class HealthBoard: Sendable {
  /// Whether calls will be served.
  package typealias Status = GRPCHealthV1.HealthCheckResponse.ServingStatus

  fileprivate let statuses: Watched<[String: Status]>

  /// A board of a server that serves nothing yet.
  ///
  /// - Parameter services: Full names; the server as a whole is the empty name, and always there.
  package init(services: [String]) {
    let all = (services + [""]).map { ($0, Status.notServing) }
    statuses = Watched(Dictionary(all) { first, _ in first })
  }

  /// Whether the server as a whole serves.
  package var isServing: Bool { statuses.value[""] == .serving }

  /// Says that of the server as a whole and of all its services.
  package func set(_ status: Status) {
    statuses.update { all in for service in all.keys { all[service] = status } }
  }

  /// Says that of one service; it may be a new one.
  package func set(_ status: Status, for service: String) {
    statuses.update { $0[service] = status }
  }

  /// Says NOT_SERVING for ever, and ends all watching: the connections are about to go.
  package func shutDown() {
    set(.notServing)
    statuses.finish()
  }
}

/// `grpc.health.v1.Health`.
package struct HealthService<Context: Sendable>: GRPCHealthV1.HealthProvider {
  private let board: HealthBoard

  /// A service that tells what the board says.
  package init(_ board: HealthBoard) {
    self.board = board
  }

  /// The status of one service now.
  ///
  /// - Throws: `RPCError` NOT_FOUND for a service that the server does not have.
  package func check(
    _ request: GRPCHealthV1.HealthCheckRequest,
    _ context: Context
  ) async throws -> GRPCHealthV1.HealthCheckResponse {
    guard let status = board.statuses.value[request.service] else {
      throw RPCError(.notFound, "no service \(request.service)")
    }
    return GRPCHealthV1.HealthCheckResponse(status: status)
  }

  /// The status of all services now.
  package func list(
    _ request: GRPCHealthV1.HealthListRequest,
    _ context: Context
  ) async throws -> GRPCHealthV1.HealthListResponse {
    GRPCHealthV1.HealthListResponse(
      statuses: board.statuses.value.mapValues { .init(status: $0) }
    )
  }

  /// The status of one service now and whenever it changes, until the server shuts down.
  ///
  /// A service that the server does not have is SERVICE_UNKNOWN until it has it.
  package func watch(
    _ request: GRPCHealthV1.HealthCheckRequest,
    _ context: Context,
    _ responses: ResponseWriter<GRPCHealthV1.HealthCheckResponse>
  ) async throws {
    var last: HealthBoard.Status?
    for await statuses in board.statuses.values() {
      let status = statuses[request.service] ?? .serviceUnknown
      if status != last { try await responses.write(.init(status: status)) }
      last = status
    }
  }
}
