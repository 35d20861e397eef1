import API
import Foundation
import GRPC
import Postgres
import Synchronization
import TestSupport
import TestTools
import Testing

@testable import ServiceKit

/// A kit over a database of its own, and calls of anybody without a network between.
private struct Bench: Sendable {
  let database: TestDatabase
  let kit: Kit
  let tokens: TestTokens

  static func with(
    _ name: String = "identity",
    _ body: (Bench) async throws -> Void
  ) async throws {
    try await TestDatabase.with { database in
      let service = try await TestService(name, over: database) { _ in [] }
      try await service.run {
        try await body(
          Bench(database: database, kit: service.kit, tokens: try TestTokens(in: database))
        )
      }
    }
  }

  func call(
    _ method: MethodDescriptor = IdentityV1.OrganizationServiceMethods.createOrganization,
    _ role: RoleKind = .administrator,
    at place: String = SampleOrganizations.district,
    person: String = TestTokens.id()
  ) async throws -> Call {
    let metadata = try tokens.call(role, at: place, person: person).metadata
    return try await kit.open(ServerContext(method: method, metadata: metadata))
  }

  func count(_ table: String) throws -> Int {
    Int(try database.run("SELECT count(*) FROM \(table)").first ?? "") ?? -1
  }

  /// Entries whose hash is not the one that follows from the entry before.
  func brokenEntries() throws -> Int {
    let rows = try database.run(
      #"""
      SELECT count(*) FROM (
        SELECT hash, sha256(coalesce(lag(hash) OVER (ORDER BY version), sha256(''))
          || convert_to(concat_ws(E'\x1f', version,
             to_char(create_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), person_id,
             person_name, method, request_id, resource, before, after), 'UTF8')) AS again
          FROM identity.audit) AS entry
       WHERE hash <> again
      """#
    )
    return Int(rows.first ?? "") ?? -1
  }
}

private final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}

private let request = IdentityV1.EndRoleRequest(name: "people/a/roles/b")

@Suite struct CallTests {
  private struct Stop: Error {}

  @Test func `an organisation that does not exist looks like one of others`() async throws {
    try await Bench.with { bench in
      let call = try await bench.call()
      for place in ["", "x", TestTokens.id(), SampleOrganizations.otherSecondary] {
        await #expect(throws: Problem.notAllowed) { _ = try await call.authorize(on: place) }
      }
      _ = try await call.authorize(on: SampleOrganizations.secondary)
    }
  }

  @Test func `who has no token, or no role for the method, does not get in`() async throws {
    try await Bench.with { bench in
      let method = IdentityV1.OrganizationServiceMethods.createOrganization
      for value in [nil, "", "Bearer", "Bearer x", "Basic YTpi"] {
        var metadata = Metadata()
        if let value { metadata.add(value, for: "authorization") }
        await #expect(throws: Problem.tokenInvalid) {
          _ = try await bench.kit.open(ServerContext(method: method, metadata: metadata))
        }
      }
      await #expect(throws: Problem.notAllowed) { _ = try await bench.call(method, .teacher) }
      let unknown = MethodDescriptor(service: "hocba.identity.v1.X", method: "Y")
      await #expect(throws: Problem.notAllowed) { _ = try await bench.call(unknown) }
    }
  }

  @Test func `a token of a key that began a moment ago is known`() async throws {
    try await TestDatabase.with { database in
      let time = TestClock()
      let service = try await TestService("identity", over: database, clock: time.clock) { _ in [] }
      try await service.run {
        let method = IdentityV1.SessionServiceMethods.getSession
        for _ in 1...2 {
          let tokens = try TestTokens(in: database)
          let metadata = try tokens.call(.teacher, at: SampleOrganizations.primary).metadata
          _ = try await service.kit.open(ServerContext(method: method, metadata: metadata))
          time.advance(by: 2)
        }
      }
    }
  }

  @Test func `the same request again is answered from memory`() async throws {
    try await Bench.with { bench in
      let call = try await bench.call()
      let grant = try await call.authorize(on: SampleOrganizations.district)
      let runs = Counter()
      let id = TestTokens.id()
      for spelling in [id, id.uppercased(), id] {
        let answer = try await call.write(grant, spelling, request) { write in
          let run = runs.next()
          write.note("people/a", after: [1])
          return IdentityV1.Role(name: "run \(run)")
        }
        #expect(answer.name == "run 1")
      }
      #expect(runs.value == 1)
      #expect(try bench.count("identity.audit") == 1)
    }
  }

  @Test func `a request id names one request of one person`() async throws {
    try await Bench.with { bench in
      let person = TestTokens.id()
      let call = try await bench.call(person: person)
      let grant = try await call.authorize(on: SampleOrganizations.district)
      let id = TestTokens.id()
      _ = try await call.write(grant, id, request) { _ in IdentityV1.Role(name: "mine") }
      await #expect(throws: Problem.requestIDReused) {
        _ = try await call.write(grant, id, IdentityV1.EndRoleRequest(name: "other")) { _ in
          IdentityV1.Role()
        }
      }
      let method = IdentityV1.OrganizationServiceMethods.updateOrganization
      let elsewhere = try await bench.call(method, person: person)
      await #expect(throws: Problem.requestIDReused) {
        _ = try await elsewhere.write(grant, id, request) { _ in IdentityV1.Role() }
      }
      let another = try await bench.call()
      let answer = try await another.write(grant, id, request) { _ in IdentityV1.Role(name: "his") }
      #expect(answer.name == "his")
    }
  }

  @Test(arguments: ["", "1", "01885180-a3a0-7000-8000-00000000000g"])
  func `a request id is a UUID`(id: String) async throws {
    try await Bench.with { bench in
      let call = try await bench.call()
      let grant = try await call.authorize(on: SampleOrganizations.district)
      let refused = try await refusal {
        do {
          _ = try await call.write(grant, id, request) { _ in IdentityV1.Role() }
        } catch let problem as Problem {
          throw problem.rpcError
        }
      }
      #expect(refused?.fields == ["request_id"])
    }
  }

  @Test func `what fails leaves nothing, and its id is free again`() async throws {
    try await Bench.with { bench in
      let call = try await bench.call()
      let grant = try await call.authorize(on: SampleOrganizations.district)
      let id = TestTokens.id()
      await #expect(throws: Stop.self) {
        _ = try await call.write(grant, id, request) { write -> IdentityV1.Role in
          _ = try await write.transaction.execute(
            "UPDATE organization SET display_name = 'x' WHERE code = '725'"
          )
          write.note("organizations/725", after: [1])
          throw Stop()
        }
      }
      for table in ["identity.audit", "identity.change", "identity.request"] {
        #expect(try bench.count(table) == 0)
      }
      #expect(try bench.count("identity.organization WHERE display_name = 'x'") == 0)
      let answer = try await call.write(grant, id, request) { _ in IdentityV1.Role(name: "ok") }
      #expect(answer.name == "ok")
    }
  }

  @Test func `the same request twice at once runs once`() async throws {
    try await Bench.with { bench in
      let call = try await bench.call()
      let grant = try await call.authorize(on: SampleOrganizations.district)
      let id = TestTokens.id()
      let runs = Counter()
      let names = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 1...6 {
          group.addTask {
            try await call.write(grant, id, request) { write in
              _ = runs.next()
              write.note("people/a", after: [1])
              return IdentityV1.Role(name: "\(number)")
            }.name
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(names.count == 1)
      #expect(runs.value == 1)
    }
  }

  @Test func `versions have no gaps at any moment, and entries form a chain`() async throws {
    try await Bench.with { bench in
      let call = try await bench.call()
      let grant = try await call.authorize(on: SampleOrganizations.district)
      let gaps = try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...20 {
          group.addTask {
            _ = try? await call.write(grant, TestTokens.id(), request) { write in
              write.note("people/\(number)", after: [1])
              write.note("people/\(number)/roles/1", before: [1], after: [2])
              if number % 5 == 0 { throw Stop() }
              return IdentityV1.Role()
            }
          }
        }
        var gaps = 0
        for _ in 1...30 {
          gaps += try bench.count(
            "(SELECT FROM identity.change HAVING count(*) <> coalesce(max(version), 0)) AS gap"
          )
        }
        try await group.waitForAll()
        return gaps
      }
      #expect(gaps == 0)
      #expect(try bench.count("identity.change") == 32)
      #expect(try bench.count("identity.audit") == 32)
      #expect(try bench.brokenEntries() == 0)
      try bench.database.run(
        """
        SET session_replication_role = replica;
        UPDATE identity.audit SET person_name = 'x' WHERE version = 7;
        """
      )
      #expect(try bench.brokenEntries() == 1)
    }
  }

  @Test(arguments: ["audit", "change"])
  func `what is on record cannot be changed, by its service or by its owner`(
    table: String
  ) async throws {
    try await Bench.with { bench in
      let call = try await bench.call()
      let grant = try await call.authorize(on: SampleOrganizations.district)
      _ = try await call.write(grant, TestTokens.id(), request) { write in
        write.note("people/a", after: [1])
        return IdentityV1.Role()
      }
      for change in [
        "UPDATE \(table) SET resource = 'x'", "DELETE FROM \(table)", "TRUNCATE \(table)",
      ] {
        for role in ["", "SET ROLE hocba_identity; "] {
          #expect(throws: TestFailure.self) {
            try bench.database.run("SET search_path = identity; \(role)\(change)")
          }
        }
      }
      #expect(try bench.count("identity.\(table) WHERE resource = 'people/a'") == 1)
    }
  }

  @Test func `a grant opens the rows of its school and no others`() async throws {
    try await Bench.with("signing") { bench in
      for school in [SampleOrganizations.secondary, SampleOrganizations.otherSecondary] {
        try bench.database.run(
          """
          INSERT INTO signing.document
          VALUES ('\(school)', '\(TestTokens.id())', 'x', 'MARK_SHEET', 1, 'bang-diem/1',
                  '2022-2023', '\(TestTokens.id())', 'toan', 1, NULL, '');
          """
        )
      }
      let method = SigningV1.SignatureServiceMethods.prepareSignatures
      let call = try await bench.call(method, .principal, at: SampleOrganizations.secondary)
      let grant = try await call.authorize(on: SampleOrganizations.secondary)
      let seen: [String] = try await call.read(grant, "SELECT school_id::text FROM document")
      #expect(seen == [SampleOrganizations.secondary])
      let without: [String] = try await bench.kit.database.query("SELECT id::text FROM document")
      #expect(without.isEmpty)
      await #expect(throws: StoreError.self) {
        _ = try await call.write(grant, TestTokens.id(), request) { write in
          _ = try await write.transaction.execute(
            """
            INSERT INTO intent SELECT \(SampleOrganizations.otherSecondary)::uuid, id, id, 1, '',
              id, id, '', now(), now() FROM document
            """
          )
          return IdentityV1.Role()
        }
      }
    }
  }

  /// Published views are the table owner's, whom row-level security does not bind, and a view
  /// of one table could be written through.
  @Test func `no service writes through a view`() async throws {
    try await Bench.with { bench in
      let views = try bench.database.run(
        "SELECT count(*) FROM pg_views WHERE schemaname IN ('identity', 'records', 'signing')"
      )
      #expect(views != ["0"])
      let writable = try bench.database.run(
        """
        SELECT r.rolname || ' ' || c.oid::regclass FROM pg_class c, pg_roles r
         WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text IN
               ('identity', 'records', 'signing', 'reporting')
           AND r.rolname LIKE 'hocba\\_%' AND NOT r.rolsuper
           AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE')
        """
      )
      #expect(writable.isEmpty)
    }
  }

  @Test func `every table that has a school has row-level security`() async throws {
    try await Bench.with { bench in
      let open = try bench.database.run(
        """
        SELECT a.attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE a.attname = 'school_id' AND c.relkind = 'r' AND NOT c.relrowsecurity
        """
      )
      #expect(open.isEmpty)
    }
  }
}
