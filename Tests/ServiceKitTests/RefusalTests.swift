import API
import GRPC
import Postgres
import Protobuf
import TestSupport
import Testing

@testable import ServiceKit

@Suite struct RefusalTests {
  @Test func `a problem says the same in every form that it has on the wire`() throws {
    let problem = Problem(
      .resourceExhausted,
      "TOO_MANY",
      vi: "Quá nhiều lần.",
      metadata: ["limit": "5"],
      violations: [FieldViolation("person.login", "đã có")],
      retryAfter: .seconds(30)
    )
    let error = problem.rpcError
    let status = try GoogleRPC.Status(decoding: error.details)
    #expect(status.code == 8)
    #expect(status.message == "too many")
    #expect(error.message == "too many")
    let refused = Refused(error)
    #expect(refused.reason == "TOO_MANY")
    #expect(refused.metadata == ["limit": "5"])
    #expect(refused.fields == ["person.login"])
    #expect(refused.message == "Quá nhiều lần.")
    #expect(refused.retryAfter == 30)
    let info = try status.details[0].unpacked(as: GoogleRPC.ErrorInfo.self)
    #expect(info?.domain == "hocba")
  }

  @Test(arguments: [
    StoreError.unavailable("secret"), .commitUnknown, .timeout, .overloaded,
    .serialization(sqlState: "40001"),
  ])
  func `trouble of the database that passes invites another try`(error: StoreError) {
    let refused = Refused(error.rpcError)
    #expect(refused.code == .unavailable)
    #expect(refused.reason == "DEPENDENCY_UNAVAILABLE")
    #expect(refused.retryAfter == 1)
  }

  @Test(arguments: [
    StoreError.constraint(name: "secret", sqlState: "23505"),
    .decode(column: "secret", reason: "secret"), .value("secret"), .transactionEnded,
    .server(sqlState: "42601", message: "secret"),
  ])
  func `any other trouble is ours, and its text stays here`(error: StoreError) {
    let answer = error.rpcError
    #expect(answer.code == .internalError)
    #expect(!answer.message.contains("secret"))
    #expect(!String(decoding: answer.details, as: UTF8.self).contains("secret"))
  }

  @Test func `a request that cannot be read names its field`() {
    let error = DecodeError.invalidUTF8("hocba.identity.v1.Person.display_name").rpcError
    let refused = Refused(error)
    #expect(refused.code == .invalidArgument)
    #expect(refused.reason == "REQUEST_MALFORMED")
    #expect(refused.fields == ["display_name"])
    #expect(refused.message.contains("display_name"))
    let whole = Refused(DecodeError.malformed("hocba.identity.v1.Person").rpcError)
    #expect(whole.fields == ["hocba.identity.v1.Person"])
  }

  /// Answers every call with one error.
  private struct Failing: GRPCHealthV1.HealthProvider {
    let error: any Error

    func check(
      _ request: GRPCHealthV1.HealthCheckRequest,
      _ call: Call
    ) async throws -> GRPCHealthV1.HealthCheckResponse { throw error }

    func list(
      _ request: GRPCHealthV1.HealthListRequest,
      _ call: Call
    ) async throws -> GRPCHealthV1.HealthListResponse { throw error }

    func watch(
      _ request: GRPCHealthV1.HealthCheckRequest,
      _ call: Call,
      _ responses: ResponseWriter<GRPCHealthV1.HealthCheckResponse>
    ) async throws { throw error }
  }

  private struct Oddity: Error { let text = "secret" }

  /// What a caller gets and what the log has when a handler throws.
  private func outcome(_ error: any Error) async throws -> (Refused?, [String]) {
    var result: (Refused?, [String]) = (nil, [])
    try await TestDatabase.with { database in
      let log = TestLogLines()
      let service = try await TestService("identity", over: database, logger: log.logger) {
        Failing(error: error).handlers($0)
      }
      try await service.run {
        let client = GRPCHealthV1.HealthClient(service.client)
        result.0 = try await refusal { try await client.check(.init()) }
      }
      result.1 = log.all.filter { $0.contains("handler failed") }
    }
    return result
  }

  @Test func `what is ours to mend is logged in full and told to nobody`() async throws {
    let errors: [any Error] = [
      StoreError.constraint(name: "secret", sqlState: "23505"), Oddity(),
      StoreError.unavailable("secret"),
    ]
    for error in errors {
      let (refused, log) = try await outcome(error)
      #expect([.internalError, .unavailable].contains(try #require(refused).code))
      #expect(refused?.message.contains("secret") == false)
      #expect(log.count == 1 && log[0].contains("secret"), "\(error): \(log)")
    }
  }

  @Test func `what a caller sent comes back in part only`() throws {
    let long = String(repeating: "x", count: 1_000_000)
    let error = Problem(.notFound, "GONE", vi: "Không có.", metadata: ["intent": long]).rpcError
    #expect(error.details.count < 1_000)
    #expect(Refused(error).metadata["intent"]?.count == 256)
  }

  @Test func `errors of the transport look as all others do`() async throws {
    try await TestDatabase.with { database in
      let service = try await TestService("identity", over: database) { _ in [] }
      try await service.run {
        let client = GRPCHealthV1.HealthClient(service.client)
        let refused = try #require(try await refusal { try await client.check(.init()) })
        #expect(refused.code == .unimplemented)
        #expect(refused.reason == "UNIMPLEMENTED")
        #expect(!refused.message.isEmpty)
      }
    }
  }

  @Test func `a refusal is no fault and is not logged as one`() async throws {
    let (refused, log) = try await outcome(Problem.notAllowed)
    #expect(refused?.reason == "NOT_ALLOWED")
    #expect(log.isEmpty)
  }
}
