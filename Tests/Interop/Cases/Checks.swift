import GRPC

/// Says in which way what was found is not what was wanted.
func check<Value: Equatable>(_ what: String, _ found: Value, is wanted: Value) throws {
  guard found == wanted else { throw CaseFailure("\(what) is \(found), not \(wanted)") }
}

/// Asks a payload to be so many zeros.
func check(_ payload: GRPCTesting.Payload?, hasZeros size: Int) throws {
  let body = payload?.body ?? []
  try check("the size of a payload", body.count, is: size)
  try check("the type of a payload", payload?.type ?? .compressable, is: .compressable)
  guard body == zeros(size) else { throw CaseFailure("a payload is not all zeros") }
}

/// Asks a stream to succeed with payloads of these sizes, in this order and no more.
func check(
  _ responses: ResponseStream<GRPCTesting.StreamingOutputCallResponse>,
  hasSizes sizes: [Int]
) async throws {
  var found: [Int] = []
  for try await response in responses {
    let size = response.payload?.body.count ?? 0
    found.append(size)
    try check(response.payload, hasZeros: size)
  }
  try check("the list of sizes", found, is: sizes)
}

/// Asks `body` to fail with a status.
///
/// - Parameters:
///   - code: The status.
///   - message: What the status shall say; `nil`: anything.
///   - body: A call, and what is asked of its messages.
/// - Throws: `CaseFailure` if it succeeds, or fails otherwise.
func check(
  endsWith code: RPCCode,
  _ message: String? = nil,
  _ body: () async throws -> Void
) async throws {
  do {
    try await body()
  } catch let failure as CaseFailure {
    throw failure
  } catch {
    // A call whose task is cancelled may say so in Swift's own words.
    let status = (error as? RPCError) ?? RPCError(answering: error)
    guard status.code == code else {
      throw CaseFailure("the call ended with \(status), not with \(code)")
    }
    if let message { try check("the message of the status", status.message, is: message) }
    return
  }
  throw CaseFailure("the call succeeded, and should have ended with \(code)")
}

func zeros(_ count: Int) -> [UInt8] {
  [UInt8](repeating: 0, count: count)
}

/// A fact that another task waits for.
struct Fact: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream()
  }

  /// It has come to be, or never will.
  func settle() { continuation.finish() }

  func wait() async {
    for await _ in stream {}
  }
}
