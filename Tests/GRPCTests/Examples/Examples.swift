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
    await server.shutdown(grace: .seconds(20))
  }
}
