/// Writes a service: its provider protocol, its methods' descriptors and its client.
struct ServiceWriter {
  private let service: Request.Service
  private let methods: [Method]

  private struct Method {
    var method: Request.Method
    var name: String
    var input: String
    var output: String
  }

  init(_ service: Request.Service, generator: Generator) throws(Refusal) {
    self.service = service
    var methods: [Method] = []
    for method in service.methods {
      methods.append(
        Method(
          method: method,
          name: Names.method(method.name),
          input: try generator.names(method.input).swift,
          output: try generator.names(method.output).swift
        )
      )
    }
    self.methods = methods
  }

  /// Writes the parts that stand in the namespace.
  func write(to source: inout Source) throws(Refusal) {
    source.line("")
    source.comment(service.comment)
    source.block("package protocol \(service.name)Provider: Sendable") { source in
      source.line("/// What a handler is given besides the request.")
      source.line("associatedtype Context: Sendable")
      for method in methods {
        source.line("")
        source.comment(method.method.comment)
        source.line(requirement(method))
      }
    }
    source.line("", "/// The methods of `\(service.fullName)`.")
    source.block("package enum \(service.name)Methods") { source in
      for method in methods {
        source.comment(method.method.comment)
        source.line(
          "package static let \(method.name) = MethodDescriptor(",
          "  service: \"\(service.fullName)\",",
          "  method: \"\(method.method.name)\"",
          ")"
        )
      }
      source.line("/// All of them, in the order of the `.proto`.")
      let all = methods.map(\.name).joined(separator: ", ")
      source.line("package static let all: [MethodDescriptor] = [\(all)]")
    }
    source.line("")
    source.comment(service.comment)
    source.block("package struct \(service.name)Client: Sendable") { source in
      source.line("private let client: GRPCClient", "")
      source.line("/// Creates a client that calls through `client`.")
      source.block("package init(_ client: GRPCClient)") { $0.line("self.client = client") }
      for method in methods {
        source.line("")
        source.comment(method.method.comment)
        writeCall(method, to: &source)
      }
    }
  }

  /// Writes the extension that makes handlers of a provider.
  func writeHandlers(_ namespace: String, to source: inout Source) throws(Refusal) {
    source.line("")
    source.block("extension \(namespace).\(service.name)Provider") { source in
      source.line(
        "/// Makes the handlers of the service.",
        "///",
        "/// - Parameter interceptor: makes a call's context, or refuses the call; it runs before the",
        "///   request is decoded."
      )
      source.line("package func handlers(")
      source.line("  _ interceptor: some Interceptor<ServerContext, Context>")
      source.block(") -> [MethodHandler]") { source in
        source.line("[")
        for method in methods {
          let descriptor = "\(namespace).\(service.name)Methods.\(method.name)"
          let kind = kind(method)
          source.line("  .\(kind)(\(descriptor), through: interceptor, self.\(method.name)),")
        }
        source.line("]")
      }
    }
  }

  private func kind(_ method: Method) -> String {
    switch (method.method.clientStreaming, method.method.serverStreaming) {
    case (false, false): "unary"
    case (false, true): "serverStreaming"
    case (true, false): "clientStreaming"
    case (true, true): "bidirectional"
    }
  }

  private func requirement(_ method: Method) -> String {
    let input =
      method.method.clientStreaming
      ? "_ requests: RequestStream<\(method.input)>" : "_ request: \(method.input)"
    let writer =
      method.method.serverStreaming ? ", _ responses: ResponseWriter<\(method.output)>" : ""
    let result = method.method.serverStreaming ? "" : " -> \(method.output)"
    return "func \(method.name)(\(input), _ context: Context\(writer)) async throws\(result)"
  }

  private func writeCall(_ method: Method, to source: inout Source) {
    let descriptor = "\(service.name)Methods.\(method.name)"
    let parameters: String
    let result: String
    let arguments: String
    switch (method.method.clientStreaming, method.method.serverStreaming) {
    case (false, false):
      parameters = "_ request: \(method.input), options: CallOptions = .init()"
      result = "async throws -> \(method.output)"
      arguments = "request, options: options"
    case (false, true):
      parameters = "_ request: \(method.input), options: CallOptions = .init()"
      result = "-> ResponseStream<\(method.output)>"
      arguments = "request, options: options"
    case (true, false):
      parameters =
        "options: CallOptions = .init(), "
        + "_ send: @Sendable (RequestWriter<\(method.input)>) async throws -> Void"
      result = "async throws -> \(method.output)"
      arguments = "options: options, send"
    case (true, true):
      parameters =
        "options: CallOptions = .init(), "
        + "_ send: @escaping @Sendable (RequestWriter<\(method.input)>) async throws -> Void"
      result = "-> ResponseStream<\(method.output)>"
      arguments = "options: options, send"
    }
    source.block("package func \(method.name)(\(parameters)) \(result)") { source in
      let call = result.hasPrefix("async") ? "try await client" : "client"
      source.line("\(call).\(kind(method))(\(descriptor), \(arguments))")
    }
  }
}
