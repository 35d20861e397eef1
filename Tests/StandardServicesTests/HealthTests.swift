import API
import GRPC
import StandardServices
import Testing

@Suite struct HealthTests {
  private let board = HealthBoard(services: ["school.Marks"])

  private func withHealth(
    _ body: (GRPCHealthV1.HealthClient) async throws -> Void
  ) async throws {
    try await withServer(HealthService<String>(board).handlers(Named())) { client, _ in
      try await body(GRPCHealthV1.HealthClient(client))
    }
  }

  @Test func `tells the server and each service apart`() async throws {
    board.set(.serving, for: "school.Marks")
    try await withHealth { health in
      #expect(try await health.check(.init()).status == .notServing)
      #expect(try await health.check(.init(service: "school.Marks")).status == .serving)
      let all = try await health.list(.init()).statuses.mapValues(\.status)
      #expect(all == ["": .notServing, "school.Marks": .serving])
    }
  }

  @Test func `check of a service that is not there is NOT_FOUND`() async throws {
    try await withHealth { health in
      let code = await code { _ = try await health.check(.init(service: "school.Nothing")) }
      #expect(code == .notFound)
    }
  }

  @Test func `watch tells each change once, and ends with the server`() async throws {
    try await withHealth { health in
      var seen: [HealthBoard.Status] = []
      for try await response in health.watch(.init(service: "school.Marks")) {
        seen.append(response.status)
        switch seen.count {
        case 1:
          board.set(.notServing, for: "school.Marks")
          board.set(.serving, for: "school.Marks")
        case 2: board.shutDown()
        default: break
        }
      }
      #expect(seen == [.notServing, .serving, .notServing])
      #expect(try await health.check(.init()).status == .notServing)
    }
  }

  @Test func `watch of an unknown service waits until there is one`() async throws {
    try await withHealth { health in
      var seen: [HealthBoard.Status] = []
      for try await response in health.watch(.init(service: "school.New")) {
        seen.append(response.status)
        guard seen.count == 1 else { break }
        board.set(.serving, for: "school.New")
      }
      #expect(seen == [.serviceUnknown, .serving])
    }
  }

  @Test func `nothing is said after the end`() {
    board.shutDown()
    board.set(.serving)
    board.set(.serving, for: "school.Marks")
    #expect(HealthBoard(services: []).isServing == false)
    #expect(board.isServing == false)
  }
}
