import GRPCCore
import GRPCNIOTransportHTTP2Posix
import PeerMessages
import PeerSupport

import struct Foundation.Data

/// The interoperability cases of grpc/grpc doc/interop-test-descriptions.md.
///
/// Where grpc-swift-2 cannot express what the description says:
///
/// - client_compressed_streaming makes two calls where one has a compressed and an uncompressed
///   message: it compresses all requests of a call or none;
/// - cancel_after_begin and cancel_after_first_response take any error that it has for a call whose
///   task was cancelled: see `expectCancelled`.
struct Cases: Sendable {
  let client: Client
  /// What tells compressed responses from others.
  let tap: MessageTap

  /// Runs a case.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - flags: Say where the server is.
  /// - Throws: If a check does not hold, or nothing has that name.
  static func run(_ name: String, _ flags: Flags) async throws {
    guard let body = all[name] else { throw CheckFailure(claim: "no such case") }
    let tap = MessageTap()
    try await withConnections(flags, tap: tap) { clients in
      for client in clients { try await body(Cases(client: client, tap: tap), flags) }
    }
  }

  private static let all: [String: @Sendable (Cases, Flags) async throws -> Void] = [
    "empty_unary": { cases, _ in try await cases.emptyUnary() },
    "large_unary": { cases, _ in try await cases.largeUnary() },
    "client_compressed_unary": { cases, _ in try await cases.clientCompressedUnary() },
    "server_compressed_unary": { cases, _ in try await cases.serverCompressedUnary() },
    "client_streaming": { cases, _ in try await cases.clientStreaming() },
    "client_compressed_streaming": { cases, _ in try await cases.clientCompressedStreaming() },
    "server_streaming": { cases, _ in try await cases.serverStreaming() },
    "server_compressed_streaming": { cases, _ in try await cases.serverCompressedStreaming() },
    "ping_pong": { cases, _ in try await cases.pingPong() },
    "empty_stream": { cases, _ in try await cases.emptyStream() },
    "custom_metadata": { cases, _ in try await cases.customMetadata() },
    "status_code_and_message": { cases, _ in try await cases.statusCodeAndMessage() },
    "special_status_message": { cases, _ in try await cases.specialStatusMessage() },
    "unimplemented_method": { cases, _ in try await cases.unimplementedMethod() },
    "unimplemented_service": { cases, _ in try await cases.unimplementedService() },
    "cancel_after_begin": { cases, _ in try await cases.cancelAfterBegin() },
    "cancel_after_first_response": { cases, _ in try await cases.cancelAfterFirstResponse() },
    "timeout_on_sleeping_server": { cases, _ in try await cases.timeoutOnSleepingServer() },
    "concurrent_large_unary": { cases, _ in try await cases.concurrentLargeUnary() },
    "rpc_soak": { cases, flags in
      try await soak(flags) { try await cases.largeUnary() }
    },
    "channel_soak": { _, flags in
      try await soak(flags) { try await run("large_unary", flags) }
    },
  ]

  var service: Grpc_Testing_TestService.Client<HTTP2ClientTransport.Posix> {
    Grpc_Testing_TestService.Client(wrapping: client)
  }

  /// Whether a response came compressed.
  ///
  /// - Parameters:
  ///   - index: Its number in the call, from 0.
  ///   - metadata: The initial metadata of the call.
  /// - Returns: `nil` where no such response came.
  func isCompressed(_ index: Int, _ metadata: Metadata) -> Bool? {
    metadata[stringValues: MessageTap.header].first { _ in true }
      .flatMap { tap.isCompressed(message: index, of: $0) }
  }
}

/// A check of a case that does not hold.
struct CheckFailure: Error, CustomStringConvertible {
  let claim: String

  var description: String { claim }
}

/// - Throws: ``CheckFailure`` with the claim, unless it holds.
func check(_ holds: Bool, _ claim: @autoclosure () -> String) throws {
  guard holds else { throw CheckFailure(claim: claim()) }
}

/// - Throws: ``CheckFailure``, unless a payload is so many zeros.
func check(_ payload: Grpc_Testing_Payload, isZeros size: Int) throws {
  try check(payload.body.count == size, "\(payload.body.count) bytes of payload and not \(size)")
  try check(payload.body.allSatisfy { $0 == 0 }, "a payload that is not zeros")
}

/// Runs a call that shall fail.
///
/// - Parameters:
///   - code: The status that it shall fail with.
///   - call: The call.
/// - Returns: The error.
/// - Throws: ``CheckFailure``, unless it fails so.
@discardableResult
func expect<Result>(
  _ code: RPCError.Code,
  _ call: () async throws -> Result
) async throws -> RPCError {
  do {
    _ = try await call()
  } catch let error as RPCError {
    try check(error.code == code, "\(error) and not \(code)")
    return error
  }
  throw CheckFailure(claim: "OK and not \(code)")
}

extension Grpc_Testing_Payload {
  /// So many zeros.
  static func zeros(_ size: Int) -> Grpc_Testing_Payload {
    var payload = Grpc_Testing_Payload()
    payload.body = Data(count: size)
    return payload
  }
}

extension Grpc_Testing_SimpleRequest {
  /// Sizes that the cases agree on, larger than a window of flow control.
  static let largeResponse = 314_159
  static var large: Grpc_Testing_SimpleRequest {
    var request = Grpc_Testing_SimpleRequest()
    request.responseSize = Int32(largeResponse)
    request.payload = .zeros(271_828)
    return request
  }
}

extension Grpc_Testing_StreamingOutputCallRequest {
  /// Asks for one response, if any.
  init(response: Int? = nil, payload: Int) {
    self.init()
    if let response {
      var parameters = Grpc_Testing_ResponseParameters()
      parameters.size = Int32(response)
      responseParameters = [parameters]
    }
    self.payload = .zeros(payload)
  }
}

extension Grpc_Testing_BoolValue {
  init(_ value: Bool) {
    self.init()
    self.value = value
  }
}
