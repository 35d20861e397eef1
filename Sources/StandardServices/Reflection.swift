package import API
package import GRPC
package import Protobuf

/// `grpc.reflection.v1.ServerReflection`, and `v1alpha`, which is the same under an older name.
///
/// Source: grpc/grpc `doc/server-reflection.md`.
package struct ReflectionService<Context: Sendable>: GRPCReflectionV1.ServerReflectionProvider {
  private let services: [String]
  private let files: [String: ProtoFile]
  /// File by full name of what stands in it.
  private let symbols: [String: ProtoFile]

  /// A service that tells of the services that `handlers` answer, and of itself.
  ///
  /// - Parameters:
  ///   - handlers: Of all other services of the server.
  ///   - files: The files in which their services stand, and all that those import.
  package init(handlers: [MethodHandler], files: [ProtoFile]) {
    let own = [
      GRPCReflectionV1.ServerReflectionMethods.all,
      GRPCReflectionV1alpha.ServerReflectionMethods.all,
    ].joined()
    let services = handlers.map(\.method.service) + own.map(\.service)
    self.services = Set(services).sorted()
    self.files = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
    symbols = Dictionary(files.flatMap { file in file.symbols.map { ($0, file) } }) { a, _ in a }
  }

  /// Handlers of both versions.
  ///
  /// - Parameter interceptor: Makes a call's context, or refuses the call.
  /// - Returns: One a version: their messages are the same on the wire.
  package func bothVersions(
    _ interceptor: some Interceptor<ServerContext, Context>
  ) -> [MethodHandler] {
    handlers(interceptor) + [
      .bidirectional(
        GRPCReflectionV1alpha.ServerReflectionMethods.serverReflectionInfo,
        through: interceptor,
        serverReflectionInfo
      )
    ]
  }

  /// Answers each question in turn; a question without an answer is no error of the call.
  package func serverReflectionInfo(
    _ requests: RequestStream<GRPCReflectionV1.ServerReflectionRequest>,
    _ context: Context,
    _ responses: ResponseWriter<GRPCReflectionV1.ServerReflectionResponse>
  ) async throws {
    var sent: Set<String> = []
    for try await request in requests {
      let response = GRPCReflectionV1.ServerReflectionResponse(
        validHost: request.host,
        originalRequest: request,
        messageResponse: answer(request.messageRequest, &sent)
      )
      try await responses.write(response)
    }
  }

  private func answer(
    _ question: GRPCReflectionV1.ServerReflectionRequest.MessageRequest?,
    _ sent: inout Set<String>
  ) -> GRPCReflectionV1.ServerReflectionResponse.MessageResponse {
    switch question {
    case .listServices:
      return .listServicesResponse(.init(service: services.map { .init(name: $0) }))
    case .fileByFilename(let name):
      return answer(files[name], name, &sent)
    case .fileContainingSymbol(let symbol):
      return answer(symbols[symbol], symbol, &sent)
    case .fileContainingExtension(let asked):
      return error(.notFound, "\(asked.containingType) has no extension \(asked.extensionNumber)")
    case .allExtensionNumbersOfType(let type):
      guard symbols[type] != nil else { return error(.notFound, "no \(type)") }
      // proto3 messages have none.
      return .allExtensionNumbersResponse(.init(baseTypeName: type))
    case nil:
      return error(.invalidArgument, "nothing is asked")
    }
  }

  private func answer(
    _ file: ProtoFile?,
    _ name: String,
    _ sent: inout Set<String>
  ) -> GRPCReflectionV1.ServerReflectionResponse.MessageResponse {
    guard let file else { return error(.notFound, "no \(name)") }
    // What was asked for is sent again when it is asked for again.
    sent.remove(file.name)
    var descriptors: [[UInt8]] = []
    var waiting = [file]
    while let next = waiting.popLast() {
      guard sent.insert(next.name).inserted else { continue }
      descriptors.append(next.descriptor)
      waiting += next.dependencies.compactMap { files[$0] }
    }
    return .fileDescriptorResponse(.init(fileDescriptorProto: descriptors))
  }

  private func error(
    _ code: RPCCode,
    _ message: String
  ) -> GRPCReflectionV1.ServerReflectionResponse.MessageResponse {
    .errorResponse(.init(errorCode: Int32(code.rawValue), errorMessage: message))
  }
}
