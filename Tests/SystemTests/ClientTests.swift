import SystemSupport
import Testing

extension SystemTests.AfterDemo {
  /// Clients of stock gRPC in Python, over code generated from the contract.
  @Suite struct ClientTests {
    @Test func `another system signs in, reads, streams and understands a refusal`()
      async throws
    {
      let outcome = try await demonstrated().python("client.py", [])
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("42 transcripts"))
    }

    @Test func `every RPC refuses callers without a good token and those of another school`()
      async throws
    {
      let installation = try demonstrated()
      let outcome = try await installation.python(
        "authorization.py",
        [try await installation.databaseURL()]
      )
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
  }
}
