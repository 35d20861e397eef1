package import GRPC

/// The server of gRPC's interoperability tests.
///
/// Source: "Interoperability Test Case Descriptions", grpc/grpc `doc/interop-test-descriptions.md`,
/// section "Server".
package struct TestService: GRPCTesting.TestServiceProvider {
  /// What calls carry besides their messages.
  package typealias Context = ServerContext

  /// The longest payload that is made, in bytes; more is refused, so that one call does not take
  /// the memory of all.
  static let maxPayloadBytes = 64 * 1024 * 1024

  private let id: String

  /// A service.
  ///
  /// - Parameter id: Names this server to clients that ask for it.
  package init(id: String) {
    self.id = id
  }

  /// The methods that the tests want to be there; they want `UnimplementedCall` not to be there.
  package func served(
    through interceptor: some Interceptor<ServerContext, ServerContext>
  ) -> [MethodHandler] {
    handlers(interceptor).filter { handler in
      handler.method != GRPCTesting.TestServiceMethods.unimplementedCall
        && handler.method != GRPCTesting.TestServiceMethods.cacheableUnaryCall
    }
  }

  /// Nothing for nothing.
  package func emptyCall(
    _ request: GRPCTesting.Empty,
    _ context: ServerContext
  ) async throws -> GRPCTesting.Empty {
    echoMetadata(context)
    return GRPCTesting.Empty()
  }

  /// A payload of the size asked for.
  package func unaryCall(
    _ request: GRPCTesting.SimpleRequest,
    _ context: ServerContext
  ) async throws -> GRPCTesting.SimpleResponse {
    echoMetadata(context)
    try check(request.expectCompressed, context)
    try end(request.responseStatus)
    if let wanted = request.responseCompressed {
      context.setCompression(wanted.value ? .gzip : .identity)
    }
    return GRPCTesting.SimpleResponse(
      payload: try payload(request.responseType, request.responseSize),
      username: request.fillUsername ? context.peerCertificate?.commonName ?? "" : "",
      serverID: request.fillServerID ? id : ""
    )
  }

  /// Not served: caching by GET is not part of gRPC any more.
  package func cacheableUnaryCall(
    _ request: GRPCTesting.SimpleRequest,
    _ context: ServerContext
  ) async throws -> GRPCTesting.SimpleResponse {
    throw RPCError(.unimplemented, "not served")
  }

  /// The responses asked for.
  package func streamingOutputCall(
    _ request: GRPCTesting.StreamingOutputCallRequest,
    _ context: ServerContext,
    _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
  ) async throws {
    echoMetadata(context)
    try await answer(request, context, responses)
  }

  /// The size of all requests.
  package func streamingInputCall(
    _ requests: RequestStream<GRPCTesting.StreamingInputCallRequest>,
    _ context: ServerContext
  ) async throws -> GRPCTesting.StreamingInputCallResponse {
    echoMetadata(context)
    var size: Int32 = 0
    for try await request in requests {
      try check(request.expectCompressed, context)
      size &+= Int32(truncatingIfNeeded: request.payload?.body.count ?? 0)
    }
    return GRPCTesting.StreamingInputCallResponse(aggregatedPayloadSize: size)
  }

  /// Answers each request at once.
  package func fullDuplexCall(
    _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>,
    _ context: ServerContext,
    _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
  ) async throws {
    echoMetadata(context)
    for try await request in requests { try await answer(request, context, responses) }
  }

  /// Answers the requests when all are there.
  package func halfDuplexCall(
    _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>,
    _ context: ServerContext,
    _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
  ) async throws {
    echoMetadata(context)
    var kept: [GRPCTesting.StreamingOutputCallRequest] = []
    for try await request in requests {
      // What was asked with is not answered, so it need not be kept.
      kept.append(
        GRPCTesting.StreamingOutputCallRequest(
          responseType: request.responseType,
          responseParameters: request.responseParameters,
          responseStatus: request.responseStatus
        )
      )
    }
    for request in kept { try await answer(request, context, responses) }
  }

  /// Not served.
  package func unimplementedCall(
    _ request: GRPCTesting.Empty,
    _ context: ServerContext
  ) async throws -> GRPCTesting.Empty {
    throw RPCError(.unimplemented, "not served")
  }
}

// What the methods have in common.
extension TestService {
  private func answer(
    _ request: GRPCTesting.StreamingOutputCallRequest,
    _ context: ServerContext,
    _ responses: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>
  ) async throws {
    try end(request.responseStatus)
    if request.responseParameters.contains(where: { $0.compressed?.value == true }) {
      context.setCompression(.gzip)
    }
    for wanted in request.responseParameters {
      if wanted.intervalUs > 0 { try await Task.sleep(for: .microseconds(wanted.intervalUs)) }
      try await responses.write(
        GRPCTesting.StreamingOutputCallResponse(
          payload: try payload(request.responseType, wanted.size)
        ),
        compress: wanted.compressed?.value ?? false
      )
    }
  }

  private func payload(
    _ type: GRPCTesting.PayloadType,
    _ size: Int32
  ) throws -> GRPCTesting.Payload {
    guard type == .compressable else {
      throw RPCError(.invalidArgument, "a payload of type \(type.rawValue) is not known")
    }
    guard (0...TestService.maxPayloadBytes).contains(Int(size)) else {
      throw RPCError(
        .invalidArgument,
        "a payload has from 0 to \(TestService.maxPayloadBytes) bytes, not \(size)"
      )
    }
    return GRPCTesting.Payload(type: type, body: [UInt8](repeating: 0, count: Int(size)))
  }

  /// "CompressedRequest": refuses a message that travelled otherwise than it says.
  private func check(_ expected: GRPCTesting.BoolValue?, _ context: ServerContext) throws {
    guard let expected, expected.value != context.isRequestCompressed else { return }
    throw RPCError(
      .invalidArgument,
      "the request came \(expected.value ? "un" : "")compressed, and says otherwise"
    )
  }

  /// "Echo Status": ends the call as the request says, if it does.
  private func end(_ status: GRPCTesting.EchoStatus?) throws {
    guard let status, status.code != 0 else { return }
    guard status.code > 0 else {
      throw RPCError(.invalidArgument, "a status code is not negative")
    }
    throw RPCError(RPCCode(rawValue: Int(status.code)), status.message)
  }

  /// "Echo Metadata": gives back two fields as they came.
  private func echoMetadata(_ context: ServerContext) {
    var initial = Metadata()
    var trailing = Metadata()
    for entry in context.metadata {
      switch (entry.key, entry.value) {
      case (EchoedMetadata.initial, .text(let value)): initial.add(value, for: entry.key)
      case (EchoedMetadata.trailing, .binary(let value)):
        trailing.add(binary: value, for: entry.key)
      default: break
      }
    }
    if !initial.isEmpty { context.setInitialMetadata(initial) }
    if !trailing.isEmpty { context.setTrailingMetadata(trailing) }
  }
}

/// The fields that a test server gives back.
package enum EchoedMetadata {
  /// Comes back ahead of the first message.
  package static let initial = "x-grpc-test-echo-initial"
  /// Comes back with the status.
  package static let trailing = "x-grpc-test-echo-trailing-bin"
}
