import API
import GRPC
import Protobuf

/// `grpc.health.v1`: whether the service can do its work, which includes its database and schema.
struct HealthService: GRPCHealthV1.HealthProvider {
  let kit: Kit
  let schema: SchemaCheck
  let lifecycle: Lifecycle

  func check(
    _ request: GRPCHealthV1.HealthCheckRequest,
    _ call: Call
  ) async throws -> GRPCHealthV1.HealthCheckResponse {
    GRPCHealthV1.HealthCheckResponse(status: await status())
  }

  func list(
    _ request: GRPCHealthV1.HealthListRequest,
    _ call: Call
  ) async throws -> GRPCHealthV1.HealthListResponse {
    GRPCHealthV1.HealthListResponse(statuses: ["": .init(status: await status())])
  }

  func watch(
    _ request: GRPCHealthV1.HealthCheckRequest,
    _ call: Call,
    _ responses: ResponseWriter<GRPCHealthV1.HealthCheckResponse>
  ) async throws {
    var last: GRPCHealthV1.HealthCheckResponse.ServingStatus?
    while !Task.isCancelled {
      let status = await status()
      if status != last { try await responses.write(.init(status: status)) }
      last = status
      // Stopping ends the watch: the connection is about to go.
      if lifecycle.isStopping { return }
      try await Task.sleep(for: .seconds(1))
    }
  }

  private func status() async -> GRPCHealthV1.HealthCheckResponse.ServingStatus {
    if lifecycle.isStopping { return .notServing }
    return await schema.isCurrent(in: kit.database) ? .serving : .notServing
  }
}
