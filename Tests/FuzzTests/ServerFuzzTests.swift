import GRPC
import NIOCore
import NIOPosix
import Synchronization
import TestTools
import Testing

/// What is tried over real connections: one after the other, for they share the machine.
@Suite("Fuzzing of connections", .serialized) struct SocketFuzzTests {}

/// A message that is its own wire form; some are none.
struct Bytes: Message, Equatable {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(decoding span: RawSpan) throws {
    bytes = [UInt8](copying: span)
    if bytes.first == 0xff { throw RPCError(.invalidArgument, "unreadable") }
  }

  func encoded() -> [UInt8] { bytes }
}

extension SocketFuzzTests {
  /// Tens of thousands of connections, each with what a broken or hostile client sends.
  @Test func `no client can end, block or fill the server`() async throws {
    let running = Running()
    let server = makeServer(counting(running))
    let address = try await server.start()
    let client = GRPCClient(
      host: "127.0.0.1",
      port: try #require(address.port),
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
    try await Fuzz.run("server") { random in
      var bytes: [[ArraySlice<UInt8>]] = []
      for _ in 0..<8 {
        let all = FrameGenerator.client(&random)
        bytes.append(random.parts(all))
      }
      try await withThrowingTaskGroup { group in
        for parts in bytes { group.addTask { try await send(parts, to: address) } }
        try await group.waitForAll()
      }
      let request = Bytes([7] + random.bytes(0...100))
      let answer: Bytes = try await client.unary(method("Unary"), request)
      #expect(answer == request, "others are not served any more")
    }
    await client.close()
    await server.shutdown(grace: .zero)
    try await running.waitForNone()
  }
}

/// How many handlers have not come to their end.
final class Running: Sendable {
  private let count = Mutex(0)

  func enter() { count.withLock { $0 += 1 } }
  func leave() { count.withLock { $0 -= 1 } }

  func waitForNone() async throws {
    for _ in 0..<3_000 {
      if count.withLock({ $0 == 0 }) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("\(count.withLock { $0 }) handlers never came to their end")
  }
}

/// Counts the handlers that run.
struct Count: Interceptor {
  let running: Running

  func intercept(
    _ context: ServerContext,
    _ proceed: (ServerContext) async throws -> Void
  ) async throws {
    running.enter()
    defer { running.leave() }
    try await proceed(context)
  }
}

func method(_ name: String) -> MethodDescriptor {
  MethodDescriptor(service: "fuzz.v1.Fuzz", method: name)
}

/// One handler of each kind; `Repeat` sends more than anybody takes.
func counting(_ running: Running) -> [MethodHandler] {
  let count = Count(running: running)
  return [
    .unary(method("Unary"), through: count) { (request: Bytes, _) in request },
    .serverStreaming(method("Repeat"), through: count) {
      (request: Bytes, _, responses: ResponseWriter<Bytes>) in
      for _ in 0..<1_000 { try await responses.write(request) }
    },
    .clientStreaming(method("Join"), through: count) { (requests: RequestStream<Bytes>, _) in
      var joined: [UInt8] = []
      for try await request in requests { joined += request.bytes }
      return Bytes(joined)
    },
    .bidirectional(method("Chat"), through: count) {
      (requests: RequestStream<Bytes>, _, responses: ResponseWriter<Bytes>) in
      for try await request in requests { try await responses.write(request) }
    },
  ]
}

/// Sends the parts, one write each, then nothing more, and waits until the server hangs up too.
private func send(_ parts: [ArraySlice<UInt8>], to address: SocketAddress) async throws {
  let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .connect(to: address)
    .get()
  // The server may hang up at any time, which is its right.
  for part in parts { try? await channel.writeAndFlush(ByteBuffer(bytes: part)) }
  try? await channel.close(mode: .output)
  for _ in 0..<20_000 {
    guard channel.isActive else { return }
    try await Task.sleep(for: .milliseconds(1))
  }
  Issue.record("the server keeps the connection of a client that is gone")
  try? await channel.close()
}
