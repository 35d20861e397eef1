import Crypto
package import GRPC
package import Postgres
package import Protobuf

/// One call in progress: who calls, for what, and the only ways to the database.
package struct Call: Sendable {
  /// What the service shares.
  package let kit: Kit
  /// The call as gRPC sees it.
  package let context: ServerContext
  private let knownCaller: Caller?
  private let action: Action?

  init(kit: Kit, context: ServerContext, caller: Caller?, action: Action?) {
    self.kit = kit
    self.context = context
    self.knownCaller = caller
    self.action = action
  }

  /// Who is calling.
  ///
  /// - Throws: `Problem` `TOKEN_INVALID` in a method that is open to everybody.
  package var caller: Caller {
    get throws(Problem) {
      guard let knownCaller else { throw .tokenInvalid }
      return knownCaller
    }
  }

  /// Asks whether the caller may do what this method stands for, to something of an organisation.
  ///
  /// Asked before anything of the request is looked at, so that absent and forbidden look alike.
  /// - Parameters:
  ///   - action: Something else than the method's own action, such as seeing a pupil's details.
  ///   - organization: Id of the organisation; one that does not exist is refused.
  ///   - relations: What the caller is to the thing besides any role.
  /// - Returns: What opens the database for this organisation.
  /// - Throws: `Problem.notAllowed`.
  package func authorize(
    _ action: Action? = nil,
    on organization: OrganizationID,
    relations: Set<Relation> = []
  ) async throws -> Grant {
    let target = Target(path: try await kit.path(of: organization), relations: relations)
    guard let asked = action ?? self.action,
      Authorization.allows(asked, on: target, by: try caller)
    else { throw Problem.notAllowed }
    return Grant(organization: organization)
  }

  /// As `authorize(_:on:)`, for what belongs to no organisation: catalogues, one's own session.
  package func authorizeAnywhere() throws -> Grant {
    guard let action, Authorization.mayAllow(action, by: try caller) else {
      throw Problem.notAllowed
    }
    return Grant(organization: nil)
  }

  /// The parts of a resource name of the request; the answer to a name that is none depends on the
  /// caller, so that a stranger cannot tell a well-formed name from another.
  ///
  /// - Throws: `Problem` `FIELD_INVALID` to callers of an office, `NOT_ALLOWED` to others.
  package func parts(
    of name: String,
    _ pattern: [String],
    field: String
  ) throws(Problem) -> [String] {
    if let parts = ResourceName.parts(of: name, pattern) { return parts }
    let invalid = Problem.invalid(
      field,
      "phải có dạng " + pattern.map { "\($0)/{\($0)}" }.joined(separator: "/")
    )
    let offices: Set<RoleKind> = [.administrator, .officer, .inspector, .system]
    if try caller.roles.contains(where: { offices.contains($0.kind) }) { throw invalid }
    var refusal = Problem.notAllowed
    refusal.violations = invalid.violations
    throw refusal
  }

  /// The id in a name of one part, such as `schools/{school}`; else as `parts(of:_:field:)`.
  package func id(
    of name: String,
    in collection: String,
    field: String
  ) throws(Problem) -> String {
    try parts(of: name, [collection], field: field)[0]
  }

  /// Reads with one statement on a shared connection.
  package func read<R: RowDecodable>(_ grant: Grant, _ sql: SQL) async throws -> [R] {
    try await Database.$deadline.withValue(context.deadline) {
      try await kit.database.query(sql, settings: grant.settings)
    }
  }

  /// Reads with several statements that see one state of the database.
  package func read<T: Sendable>(
    _ grant: Grant,
    _ body: (Transaction) async throws -> T
  ) async throws -> T {
    try await transaction(.repeatableRead, grant, body)
  }

  private func transaction<T: Sendable>(
    _ isolation: Isolation,
    _ grant: Grant,
    _ body: (Transaction) async throws -> T
  ) async throws -> T {
    try await Database.$deadline.withValue(context.deadline) {
      try await kit.database.transaction(isolation, settings: grant.settings, body)
    }
  }

  /// Writes once: the change, its audit entry, its place in the change feed, and the answer for the
  /// request id are one transaction (AIP-155).
  ///
  /// A crash before the commit leaves nothing; after it, the same request id gets the same answer.
  /// - Parameters:
  ///   - grant: For the organisation that is written to.
  ///   - requestID: The caller's UUID.
  ///   - fingerprint: SHA-256 of the request, so that the same id with another body is noticed.
  ///   - body: The change; what it throws undoes all.
  /// - Returns: What `body` answers, or what it answered to the same request before.
  /// - Throws: `Problem` `FIELD_INVALID`, `REQUEST_ID_REUSED`; what `body` throws.
  package func write<Answer: ProtobufMessage>(
    _ grant: Grant,
    _ requestID: String,
    fingerprint: [UInt8],
    _ body: (Write) async throws -> Answer
  ) async throws -> Answer {
    let requestID = requestID.lowercased()
    guard ResourceID.isValid(requestID) else {
      throw Problem.invalid("request_id", "phải là một UUID")
    }
    let claim = RequestClaim(
      id: requestID,
      person: try caller.id,
      method: context.method.path,
      fingerprint: fingerprint
    )
    let caller = try caller
    return try await transaction(.readCommitted, grant) { transaction in
      if let earlier = try await transaction.claim(claim) {
        guard earlier.isAnswer(to: claim) else { throw Problem.requestIDReused }
        return try Answer(decoding: earlier.answer)
      }
      let write = Write(transaction)
      let answer = try await body(write)
      try await transaction.append(write.changes, by: caller, claim)
      try await transaction.store(answer.encoded(), for: claim)
      return answer
    }
  }

  /// As `write(_:_:fingerprint:_:)`, with the request's own bytes as its fingerprint.
  package func write<Request: ProtobufMessage, Answer: ProtobufMessage>(
    _ grant: Grant,
    _ requestID: String,
    _ request: Request,
    _ body: (Write) async throws -> Answer
  ) async throws -> Answer {
    try await write(
      grant,
      requestID,
      fingerprint: SHA256.digest(request.encoded()),
      body
    )
  }

  /// Records that the caller is about to see resources of which each reading is on record: the
  /// entry is on disk before the answer leaves.
  package func auditReading(_ grant: Grant, _ resources: [String]) async throws {
    let claim = RequestClaim(
      id: try ResourceID.make(now: kit.clock.now),
      person: try caller.id,
      method: context.method.path,
      fingerprint: []
    )
    let caller = try caller
    try await transaction(.readCommitted, grant) { transaction in
      try await transaction.append(
        resources.map { Change(resource: $0, before: "", after: "") },
        by: caller,
        claim
      )
    }
  }
}

/// Proof that a caller may act on an organisation: the only thing that opens the database.
package struct Grant: Sendable {
  /// The organisation; `nil` for what belongs to none.
  package let organization: OrganizationID?

  fileprivate init(organization: OrganizationID?) { self.organization = organization }

  /// What row-level security compares a row's school with.
  var settings: [(StaticString, String)] { [("hocba.school", organization ?? "")] }
}

extension Problem {
  static let requestIDReused = Problem(
    .invalidArgument,
    "REQUEST_ID_REUSED",
    vi: "request_id đã dùng cho một yêu cầu khác.",
    violations: [FieldViolation("request_id", "đã dùng cho một yêu cầu khác")]
  )
}

extension Call {
  /// Options for a call to another service on behalf of this one: the caller's token, and what its
  /// requests are traced by.
  ///
  /// The deadline goes with the task.
  package func onward() -> CallOptions {
    var options = CallOptions()
    for key in ["authorization", "traceparent", "x-request-id"] {
      if let value = context.metadata[key] { options.metadata.add(value, for: key) }
    }
    return options
  }
}
