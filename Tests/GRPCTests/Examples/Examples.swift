import GRPC
import Logging
import NIOCore
import NIOPosix
import Testing

// What the module's documentation shows, so that it compiles and runs: `TidyTests` sees to it that
// every example stands here.

struct Line: Message {
  var text: String

  init(_ text: String) { self.text = text }

  init(decoding bytes: RawSpan) throws {
    guard let text = String(validating: [UInt8](copying: bytes), as: UTF8.self) else {
      throw RPCError(.invalidArgument, "a line is UTF-8")
    }
    self.text = text
  }

  func encoded() -> [UInt8] { Array(text.utf8) }
}

struct CallLog: Interceptor {
  let logger: Logger

  func intercept(
    _ context: ServerContext,
    _ proceed: (ServerContext) async throws -> Void
  ) async throws {
    do {
      try await proceed(context)
      logger.info("answered", metadata: ["method": "\(context.method.path)"])
    } catch {
      let status = RPCError(answering: error)
      logger.info("refused", metadata: ["status": "\(status.code)"])
      throw error
    }
  }
}

struct Language: Interceptor {
  let language: String

  init(_ language: String) { self.language = language }

  func intercept(
    _ context: ClientContext,
    _ proceed: (ClientContext) async throws -> Void
  ) async throws {
    var context = context
    context.options.metadata.add(language, for: "accept-language")
    try await proceed(context)
  }
}

@Suite struct Examples {
  @Test func `the examples of the documentation run`() async throws {
    let greet = MethodHandler.unary(MethodDescriptor(service: "demo.v1.Demo", method: "Greet")) {
      (name: Line, context: ServerContext) in
      guard !name.text.isEmpty else { throw RPCError(.invalidArgument, "who?") }
      return Line("Xin chào \(name.text)")
    }
    let count = MethodHandler.bidirectional(
      MethodDescriptor(service: "demo.v1.Demo", method: "Count")
    ) {
      (lines: RequestStream<Line>, context: ServerContext, answers: ResponseWriter<Line>) in
      for try await line in lines {
        // Waits while the client takes nothing, and so the client's own writes wait too.
        try await answers.write(Line("\(line.text.count)"))
      }
    }
    let server = GRPCServer(
      configuration: ServerConfiguration(host: "127.0.0.1", port: 0, security: .plaintext),
      handlers: [greet, count],
      group: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "demo")
    )
    let address = try await server.start()
    let port = try #require(address.port)

    let client = GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
    var options = CallOptions(timeout: .seconds(5))
    options.metadata.add("vi", for: "accept-language")
    let answer: Line = try await client.unary(greet.method, Line("Lan"), options: options)
    let lengths: ResponseStream<Line> = client.bidirectional(count.method) { writer in
      for word in ["một", "hai"] { try await writer.write(Line(word)) }
    }
    for try await length in lengths { print(length.text) }
    await client.close()

    #expect(answer.text == "Xin chào Lan")
    try await balance(port, greet.method)
    await server.shutdown(grace: .seconds(20))
  }

  private func balance(_ port: Int, _ greet: MethodDescriptor) async throws {
    var configuration = ClientConfiguration()
    configuration.serviceConfig = try ServiceConfig(
      json: """
        {
          "loadBalancingConfig": [{"round_robin": {}}],
          "healthCheckConfig": {"serviceName": ""},
          "methodConfig": [
            {
              "name": [{"service": "demo.v1.Demo"}],
              "timeout": "2.5s",
              "waitForReady": true,
              "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.1s",
                "maxBackoff": "1s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"]
              }
            }
          ]
        }
        """
    )
    configuration.interceptors = [Language("vi")]
    let balanced = try GRPCClient(
      target: "ipv4:127.0.0.1:\(port),127.0.0.2:\(port)",
      security: .plaintext,
      configuration: configuration,
      group: MultiThreadedEventLoopGroup.singleton
    )
    // Without a health service, and with nobody at the second address.
    let answer: Line = try await balanced.unary(greet, Line("Lan"))
    #expect(answer.text == "Xin chào Lan")
    await balanced.close()
  }

  @Test func `the examples of TLS run`() async throws {
    let authority = try TestAuthority()
    _ = try authority.issue("server")
    _ = try authority.issue("Lan")
    let (chain, key) = (authority.path("server.crt"), authority.path("server.key"))
    let (ownChain, ownKey) = (authority.path("Lan.crt"), authority.path("Lan.key"))
    let authorities = authority.path("ca.crt")

    var tls = ServerTLS(
      identity: TLSIdentity(certificateChain: .file(chain), privateKey: .file(key))
    )
    tls.clientCertificates = .required(roots: .file(authorities))
    let whoAmI = MethodHandler.unary(MethodDescriptor(service: "demo.v1.Demo", method: "WhoAmI")) {
      (_: Line, context: ServerContext) in
      Line(context.peerCertificate?.commonName ?? "nobody")
    }
    let security = ClientSecurity.tls(
      ClientTLS(
        trustRoots: .pem(.file(authorities)),
        identity: TLSIdentity(certificateChain: .file(ownChain), privateKey: .file(ownKey))
      )
    )

    try await withServer([whoAmI], (.tls(tls), security)) { client, _, _ in
      let answer: Line = try await client.unary(whoAmI.method, Line(""))
      #expect(answer.text == "Lan")
    }
  }
}
