import Foundation
import GRPC
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A message that is its own wire form.
struct Bytes: Message, Equatable {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(_ text: String) { bytes = [UInt8](text.utf8) }

  init(decoding span: RawSpan) throws {
    bytes = [UInt8](copying: span)
    if bytes == [UInt8]("unreadable".utf8) { throw Unreadable() }
  }

  func encoded() -> [UInt8] { bytes }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

struct Unreadable: Error {}

/// A fact that a handler leaves for the test, awaited with a limit.
final class Signal: Sendable {
  private let count = Mutex(0)

  func send() { count.withLock { $0 += 1 } }

  func wait(_ times: Int = 1, _ comment: Comment? = nil) async throws {
    for _ in 0..<6_000 {
      if count.withLock({ $0 >= times }) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record(comment ?? "waited in vain")
  }

  var value: Int { count.withLock { $0 } }
}

func method(_ name: String) -> MethodDescriptor {
  MethodDescriptor(service: "test.v1.Test", method: name)
}

/// The methods that the tests call, ours and those in Python.
let standardHandlers: [MethodHandler] = [
  .unary(method("Echo")) { (request: Bytes, _) in request },
  .serverStreaming(method("Repeat")) {
    (request: Bytes, _, responses: ResponseWriter<Bytes>) in
    for number in 0..<(Int(request.text) ?? 0) {
      try await responses.write(Bytes("\(number)"))
    }
  },
  .clientStreaming(method("Join")) { (requests: RequestStream<Bytes>, _) in
    var joined: [String] = []
    for try await request in requests { joined.append(request.text) }
    return Bytes(joined.joined(separator: ","))
  },
  .bidirectional(method("Chat")) {
    (requests: RequestStream<Bytes>, _, responses: ResponseWriter<Bytes>) in
    for try await request in requests { try await responses.write(Bytes("re " + request.text)) }
  },
  .unary(method("Fail")) { (request: Bytes, _) -> Bytes in
    var metadata = Metadata()
    metadata.add("why", for: "reason")
    throw RPCError(
      .failedPrecondition,
      "học bạ: 100% " + request.text,
      details: [8, 9, 0, 255],
      metadata: metadata
    )
  },
  .unary(method("Crash")) { (_: Bytes, _) -> Bytes in throw Unreadable() },
  .unary(method("Metadata")) { (_: Bytes, context) in
    var initial = Metadata()
    initial.add(context.metadata["x-text"] ?? "none", for: "y-text")
    context.setInitialMetadata(initial)
    var trailing = Metadata()
    trailing.add(binary: context.metadata[binary: "x-bytes-bin"] ?? [], for: "y-bytes-bin")
    context.setTrailingMetadata(trailing)
    return Bytes("metadata")
  },
  .unary(method("Sleep")) { (request: Bytes, _) in
    try await Task.sleep(for: .milliseconds(Int(request.text) ?? 0))
    return request
  },
  .unary(method("Compressed")) { (request: Bytes, context) in
    context.setCompression(.gzip)
    return Bytes([UInt8]("\(context.isRequestCompressed) ".utf8) + request.bytes)
  },
  .bidirectional(method("CompressEveryOther")) {
    (requests: RequestStream<Bytes>, context, responses: ResponseWriter<Bytes>) in
    context.setCompression(.gzip)
    var compress = true
    for try await request in requests {
      let answer = Bytes([UInt8]("\(context.isRequestCompressed) ".utf8) + request.bytes)
      try await responses.write(answer, compress: compress)
      compress.toggle()
    }
  },
]

/// A server that does not listen yet and logs nowhere, unless a log is given.
func makeServer(
  _ handlers: [MethodHandler],
  _ configuration: ServerConfiguration,
  logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
) -> GRPCServer {
  GRPCServer(
    configuration: configuration,
    handlers: handlers,
    group: MultiThreadedEventLoopGroup.singleton,
    logger: logger
  )
}

/// Runs `body` against a server of its own and a client of it.
func withServer(
  _ handlers: [MethodHandler] = standardHandlers,
  _ security: (server: ServerSecurity, client: ClientSecurity) = (.plaintext, .plaintext),
  configure: (inout ServerConfiguration) -> Void = { _ in },
  client clientConfiguration: ClientConfiguration = .init(),
  logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
  _ body: (GRPCClient, Int, GRPCServer) async throws -> Void
) async throws {
  var configuration = ServerConfiguration(host: "127.0.0.1", port: 0, security: security.server)
  configure(&configuration)
  let server = makeServer(handlers, configuration, logger: logger)
  let port = try #require(try await server.start().port)
  let client = GRPCClient(
    host: "127.0.0.1",
    port: port,
    security: security.client,
    configuration: clientConfiguration,
    group: MultiThreadedEventLoopGroup.singleton
  )
  let result: Result<Void, any Error>
  do { result = .success(try await body(client, port, server)) } catch { result = .failure(error) }
  await client.close()
  await server.shutdown(grace: .milliseconds(200))
  try result.get()
}

/// A port that a server can come back to: below those that the kernel hands out (32768 and up),
/// where nobody else takes it meanwhile.
func steadyPort() -> Int { Int.random(in: 20_000..<32_000) }

func steadyPort(_ configuration: inout ServerConfiguration) { configuration.port = steadyPort() }

/// The status with which `body` ends.
func status(_ body: () async throws -> Void) async -> RPCError? {
  do {
    try await body()
    return nil
  } catch let error as RPCError {
    return error
  } catch {
    return RPCError(RPCCode(rawValue: -1), "not an RPCError: \(error)")
  }
}
