import API
import Foundation
import GRPC

/// One person's access to the services.
struct Desk: Sendable {
  let services: Services
  let account: Account

  var sessions: IdentityV1.SessionServiceClient { .init(services.identity) }
  var organizations: IdentityV1.OrganizationServiceClient { .init(services.identity) }
  var people: IdentityV1.PersonServiceClient { .init(services.identity) }
  var certificates: IdentityV1.CertificateServiceClient { .init(services.identity) }
  var roster: RecordsV1.RosterServiceClient { .init(services.records) }
  var imports: RecordsV1.ImportServiceClient { .init(services.records) }
  var markSheets: RecordsV1.MarkSheetServiceClient { .init(services.records) }
  var results: RecordsV1.ResultServiceClient { .init(services.records) }
  var transcripts: RecordsV1.TranscriptServiceClient { .init(services.records) }
  var signatures: SigningV1.SignatureServiceClient { .init(services.signing) }
  var documents: SigningV1.DocumentServiceClient { .init(services.signing) }
  var reports: ReportingV1.ReportServiceClient { .init(services.reporting) }

  /// Somebody else at the same services.
  func with(_ login: String, password: String) -> Desk {
    Desk(services: services, account: Account(login, password: password, at: services.identity))
  }

  /// Makes a call, again while the service cannot be reached: for some six seconds, in which a
  /// service that was killed is back.
  ///
  /// A write carries a request id, so that making it again is harmless. A token that is no longer
  /// good, of an installation begun anew for one, is replaced if the password is at hand.
  func call<Answer>(
    _ body: @Sendable (CallOptions) async throws -> Answer
  ) async throws -> Answer {
    var pause = Duration.milliseconds(200)
    var isRenewed = false
    for _ in 0..<5 {
      do {
        return try await body(account.options())
      } catch let error as RPCError where error.code == .unavailable {
        try await Task.sleep(for: pause)
        pause *= 2
      } catch let error as RPCError
        where error.code == .unauthenticated && !isRenewed
        && Complaint(error).reason.hasPrefix("TOKEN_")
      {
        isRenewed = true
        try await account.signIn()
      }
    }
    return try await body(account.options())
  }

  /// An id for one write, whatever number of times it is tried.
  static func requestID() -> String { UUID().uuidString.lowercased() }
}

/// Does something for each of many, a few at a time, and returns the answers in the same order.
func inParallel<Item: Sendable, Answer: Sendable>(
  _ items: [Item],
  atOnce limit: Int = 8,
  _ body: @escaping @Sendable (Item) async throws -> Answer
) async throws -> [Answer] {
  try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
    var answers: [Int: Answer] = [:]
    for (index, item) in items.enumerated() {
      if index >= limit, let (done, answer) = try await group.next() { answers[done] = answer }
      group.addTask { (index, try await body(item)) }
    }
    for try await (done, answer) in group { answers[done] = answer }
    return items.indices.compactMap { answers[$0] }
  }
}
