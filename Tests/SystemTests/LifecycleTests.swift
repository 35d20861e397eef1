import API
import Foundation
import GRPC
import SystemSupport
import TestTools
import Testing

extension SystemTests.AfterDemo {
  /// How the programs begin and end, and what they make of the database.
  @Suite struct LifecycleTests {
    private func migrate(_ installation: Installation) async throws -> Outcome {
      try await installation.hocba("migrate", "--database", try await installation.databaseURL())
    }

    @Test func `migrating again is harmless`() async throws {
      let installation = try demonstrated()
      let applied = "SELECT count(*) || ' ' || max(applied_at) FROM records.migration"
      let before = try await installation.value(applied)
      for _ in 0..<2 { #expect(try await migrate(installation).status == 0) }
      #expect(try await installation.value(applied) == before)
    }

    @Test func `a database newer than the programs is refused by all of them`() async throws {
      let installation = try demonstrated()
      _ = try await installation.value(
        "INSERT INTO records.migration (name, checksum) VALUES ('m9999_future', 'x')"
      )
      let outcome = try await migrate(installation)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("m9999_future"))
      let service = try await Program.run(
        "/bin/sh",
        runArguments("records", installation),
        environment: installation.environment
      )
      #expect(service.status == 1)
      #expect(service.errors.contains("m9999_future"))
      try await installation.waitUntil("records", answers: 1)

      _ = try await installation.value("DELETE FROM records.migration WHERE name = 'm9999_future'")
      try await installation.waitUntil("records", answers: 0)
    }

    private func runArguments(_ service: String, _ installation: Installation) -> [String] {
      let script = Repository.root.appending(path: "deploy/scripts/services.sh").plainPath
      return [
        script, "run", installation.programs.plainPath, installation.state.plainPath, service,
      ]
    }

    @Test func `SIGTERM lets a stream end, takes nothing new, and ends with status 0`()
      async throws
    {
      let installation = try demonstrated()
      // A child of ours instead of the one that the demo left, for the sake of its status.
      kill(try installation.processID("records"), SIGTERM)
      while Installation.isRunning(try installation.processID("records")) {
        try await Task.sleep(for: .milliseconds(10))
      }
      let service = try Program(
        "/bin/sh",
        runArguments("records", installation),
        environment: installation.environment
      )
      try await installation.waitUntil("records", answers: 0)
      let office = try await installation.newOfficer(windowBytes: 16 * 1024)
      let school = try await office.organization("74725501")
        .replacing("organizations/", with: "schools/")
      let classes = try await RecordsV1.RosterServiceClient(office.records)
        .listClasses(
          .init(parent: school, schoolYear: "2022-2023"),
          options: office.options
        ).classes
      // More than the windows hold, so that the service is still writing when it is told to end.
      let stream = RecordsV1.TranscriptServiceClient(office.records)
        .streamTranscripts(.init(parent: try #require(classes.first).name), options: office.options)
      var count = 0
      for try await _ in stream {
        count += 1
        if count == 1 {
          kill(service.id, SIGTERM)
          try await Task.sleep(for: .milliseconds(300))
          #expect(Installation.isRunning(service.id))
        }
      }
      #expect(count == 42)
      let outcome = await service.outcome()
      #expect(outcome.status == 0, "\(outcome.errors)")
      await #expect(throws: RPCError.self) {
        _ = try await RecordsV1.CatalogServiceClient(office.records)
          .listRollouts(.init(), options: office.options)
      }
      await office.close()
      try await installation.start()
    }
  }
}

extension Installation {
  /// Waits until `hocba health` ends with a status: 0 if the service serves, 1 if not.
  fileprivate func waitUntil(_ service: String, answers status: Int32) async throws {
    let port = firstPort + (Self.services.firstIndex(of: service) ?? 0)
    for _ in 0..<1_200 {
      let health = try await hocba("health", "--tls-ca", path("tls/ca.crt"), "127.0.0.1:\(port)")
      if health.status == status { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("\(service) never answered with \(status)")
  }
}
