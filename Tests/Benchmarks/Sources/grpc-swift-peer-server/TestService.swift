import GRPCCore
import PeerMessages
import PeerSupport

import struct Foundation.Data

/// `grpc.testing.TestService`, as grpc/grpc doc/interop-test-descriptions.md wants it.
///
/// grpc-swift-2 compresses either all responses of a connection or none, as the client's
/// `grpc-accept-encoding` has it: what requests ask of a single response cannot be heeded.
struct TestService: Grpc_Testing_TestService.ServiceProtocol {
  /// What tells compressed requests from others.
  let tap: MessageTap?

  func emptyCall(
    request: ServerRequest<Grpc_Testing_Empty>,
    context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_Empty> {
    ServerResponse(message: Grpc_Testing_Empty(), metadata: initial(request.metadata))
  }

  func unaryCall(
    request: ServerRequest<Grpc_Testing_SimpleRequest>,
    context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_SimpleResponse> {
    let message = request.message
    if message.hasResponseStatus { try end(with: message.responseStatus) }
    if message.hasExpectCompressed {
      try check(message.expectCompressed, message: 0, of: request.metadata)
    }
    var response = Grpc_Testing_SimpleResponse()
    response.payload.body = Data(count: Int(message.responseSize))
    return ServerResponse(
      message: response,
      metadata: initial(request.metadata),
      trailingMetadata: trailing(request.metadata)
    )
  }

  func cacheableUnaryCall(
    request: ServerRequest<Grpc_Testing_SimpleRequest>,
    context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_SimpleResponse> {
    throw RPCError(code: .unimplemented, message: "nothing is cached here")
  }

  func streamingOutputCall(
    request: ServerRequest<Grpc_Testing_StreamingOutputCallRequest>,
    context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Testing_StreamingOutputCallResponse> {
    StreamingServerResponse(metadata: initial(request.metadata)) { writer in
      try await respond(to: request.message, writer)
      return trailing(request.metadata)
    }
  }

  func streamingInputCall(
    request: StreamingServerRequest<Grpc_Testing_StreamingInputCallRequest>,
    context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_StreamingInputCallResponse> {
    var response = Grpc_Testing_StreamingInputCallResponse()
    var index = 0
    for try await message in request.messages {
      if message.hasExpectCompressed {
        try check(message.expectCompressed, message: index, of: request.metadata)
      }
      response.aggregatedPayloadSize += Int32(message.payload.body.count)
      index += 1
    }
    return ServerResponse(
      message: response,
      metadata: initial(request.metadata),
      trailingMetadata: trailing(request.metadata)
    )
  }

  func fullDuplexCall(
    request: StreamingServerRequest<Grpc_Testing_StreamingOutputCallRequest>,
    context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Testing_StreamingOutputCallResponse> {
    StreamingServerResponse(metadata: initial(request.metadata)) { writer in
      for try await message in request.messages { try await respond(to: message, writer) }
      return trailing(request.metadata)
    }
  }

  func halfDuplexCall(
    request: StreamingServerRequest<Grpc_Testing_StreamingOutputCallRequest>,
    context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Testing_StreamingOutputCallResponse> {
    StreamingServerResponse(metadata: initial(request.metadata)) { writer in
      let messages = try await request.messages.reduce(into: []) { $0.append($1) }
      for message in messages { try await respond(to: message, writer) }
      return trailing(request.metadata)
    }
  }

  /// Never called: the method is taken from the router, which then answers as for any unknown one.
  func unimplementedCall(
    request: ServerRequest<Grpc_Testing_Empty>,
    context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_Empty> {
    throw RPCError(code: .unimplemented, message: "as its name says")
  }

  /// Sends the responses that a request asks for, or ends with the status that it asks for.
  private func respond(
    to request: Grpc_Testing_StreamingOutputCallRequest,
    _ writer: RPCWriter<Grpc_Testing_StreamingOutputCallResponse>
  ) async throws {
    if request.hasResponseStatus { try end(with: request.responseStatus) }
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 {
        try await Task.sleep(for: .microseconds(parameters.intervalUs))
      }
      var response = Grpc_Testing_StreamingOutputCallResponse()
      response.payload.body = Data(count: Int(parameters.size))
      try await writer.write(response)
    }
  }

  private func end(with status: Grpc_Testing_EchoStatus) throws {
    guard let code = Status.Code(rawValue: Int(status.code)), let error = RPCError.Code(code) else {
      return
    }
    throw RPCError(code: error, message: status.message)
  }

  /// Refuses a message that did not come as its sender says.
  private func check(
    _ expected: Grpc_Testing_BoolValue,
    message index: Int,
    of metadata: Metadata
  ) throws {
    let call = metadata[stringValues: MessageTap.header].first { _ in true }
    guard let tap, let call, tap.isCompressed(message: index, of: call) == expected.value else {
      throw RPCError(
        code: .invalidArgument,
        message: tap == nil ? "started without --interop" : "the message is not compressed as said"
      )
    }
  }

  private func initial(_ metadata: Metadata) -> Metadata {
    let key = "x-grpc-test-echo-initial"
    return Metadata(metadata[stringValues: key].map { (key: key, value: .string($0)) })
  }

  private func trailing(_ metadata: Metadata) -> Metadata {
    let key = "x-grpc-test-echo-trailing-bin"
    return Metadata(metadata[binaryValues: key].map { (key: key, value: .binary($0)) })
  }
}
