/// One case of gRPC's interoperability tests, by its official name.
///
/// Source: "Interoperability Test Case Descriptions", grpc/grpc `doc/interop-test-descriptions.md`,
/// section "Client". Each case asks for all that is asserted there, and for that which a client is
/// free to assert.
package struct InteropCase: Sendable {
  /// The official name.
  package let name: String

  /// What holds if it passes.
  package let claim: String

  private let body: @Sendable (InteropClient) async throws -> Void

  init(
    _ name: String,
    _ claim: String,
    _ body: @escaping @Sendable (InteropClient) async throws -> Void
  ) {
    self.name = name
    self.claim = claim
    self.body = body
  }

  /// Runs the case.
  ///
  /// - Parameters:
  ///   - client: What to run it with.
  ///   - limit: When to give up; a case that waits for ever has failed. `nil`: never.
  /// - Throws: `CaseFailure` for what was not as it should be; `RPCError` of a call that should
  ///   have succeeded.
  package func run(_ client: InteropClient, limit: Duration?) async throws {
    let body = body
    guard let limit else { return try await body(client) }
    try await withThrowingTaskGroup { group in
      group.addTask { try await body(client) }
      group.addTask {
        try await Task.sleep(for: limit)
        throw CaseFailure("is not done after \(limit)")
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// A case by its name, or by the other name of one.
  package static func named(_ name: String) -> InteropCase? {
    all.first { $0.name == (name == "soak" ? "rpc_soak" : name) }
  }
}

/// What was not as a case wants it.
package struct CaseFailure: Error, CustomStringConvertible {
  /// For people.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension InteropCase {
  /// All that there are.
  package static let all: [InteropCase] = unary + streaming + compression + statuses + ends + soaks

  private static let unary = [
    InteropCase("empty_unary", "messages of no bytes arrive") { try await $0.emptyUnary() },
    InteropCase("large_unary", "messages longer than a window arrive") {
      try await $0.largeUnary()
    },
    InteropCase("custom_metadata", "text and bytes come back as metadata, before and after") {
      try await $0.customMetadata()
    },
    InteropCase("concurrent_large_unary", "a channel carries 1000 large calls at once") {
      try await $0.concurrentLargeUnary()
    },
  ]

  private static let streaming = [
    InteropCase("client_streaming", "many requests get one response") {
      try await $0.clientStreaming()
    },
    InteropCase("server_streaming", "one request gets many responses, in order") {
      try await $0.serverStreaming()
    },
    InteropCase("ping_pong", "each request is answered before the next is sent") {
      try await $0.pingPong()
    },
    InteropCase("empty_stream", "a stream may have no messages at all") {
      try await $0.emptyStream()
    },
  ]

  private static let compression = [
    InteropCase("client_compressed_unary", "a request may be compressed") {
      try await $0.clientCompressedUnary()
    },
    InteropCase("client_compressed_streaming", "each request of a stream may be compressed or not")
    {
      try await $0.clientCompressedStreaming()
    },
    InteropCase("server_compressed_unary", "a response may be compressed") {
      try await $0.serverCompressedUnary()
    },
    InteropCase("server_compressed_streaming", "each response of a stream may be compressed or not")
    {
      try await $0.serverCompressedStreaming()
    },
  ]

  private static let statuses = [
    InteropCase("status_code_and_message", "a status comes back as the server sent it") {
      try await $0.statusCodeAndMessage()
    },
    InteropCase("special_status_message", "a message of a status is any text") {
      try await $0.specialStatusMessage()
    },
    InteropCase("unimplemented_method", "a method that is not there is UNIMPLEMENTED") {
      try await $0.unimplementedMethod()
    },
    InteropCase("unimplemented_service", "a service that is not there is UNIMPLEMENTED") {
      try await $0.unimplementedService()
    },
  ]

  private static let ends = [
    InteropCase("cancel_after_begin", "a call is cancelled before its first message") {
      try await $0.cancelAfterBegin()
    },
    InteropCase("cancel_after_first_response", "a call is cancelled in the middle") {
      try await $0.cancelAfterFirstResponse()
    },
    InteropCase("timeout_on_sleeping_server", "a call ends when its time is over") {
      try await $0.timeoutOnSleepingServer()
    },
  ]

  private static let soaks = [
    InteropCase("rpc_soak", "many calls, one after the other, on one channel") {
      try await $0.rpcSoak()
    },
    InteropCase("channel_soak", "many calls, each on a channel of its own") {
      try await $0.channelSoak()
    },
  ]
}
