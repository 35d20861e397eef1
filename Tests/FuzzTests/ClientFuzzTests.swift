import GRPC
import NIOCore
import NIOPosix
import Synchronization
import TestTools
import Testing

extension SocketFuzzTests {
  /// Calls of each kind to a server that sends whatever it likes.
  @Test func `no server can end or block the client`() async throws {
    let script = Script()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in channel.pipeline.addHandler(Babbler(script)) }
      .bind(host: "127.0.0.1", port: 0)
      .get()
    let port = try #require(listener.localAddress?.port)
    try await Fuzz.run("client") { random in
      let bytes = FrameGenerator.server(&random)
      script.parts.withLock { $0 = random.parts(bytes) }
      let client = GRPCClient(
        host: "127.0.0.1",
        port: port,
        security: .plaintext,
        group: MultiThreadedEventLoopGroup.singleton
      )
      let watch = Task {
        try await Task.sleep(for: .seconds(20))
        Issue.record("a call goes on after its deadline")
        await client.close()
      }
      await withTaskGroup { group in
        for kind in 0..<3 { group.addTask { await call(client, kind) } }
      }
      watch.cancel()
      await client.close()
    }
    try await listener.close()
  }
}

/// How it ends does not matter here, but that it does.
private func call(_ client: GRPCClient, _ kind: Int) async {
  let options = CallOptions(timeout: .seconds(5))
  do {
    switch kind {
    case 0:
      let _: Bytes = try await client.unary(method("Unary"), Bytes([1]), options: options)
    case 1:
      let responses: ResponseStream<Bytes> = client.serverStreaming(
        method("Repeat"),
        Bytes([1]),
        options: options
      )
      for try await _ in responses {}
    default:
      let responses: ResponseStream<Bytes> = client.bidirectional(method("Chat"), options: options)
      {
        (writer: RequestWriter<Bytes>) in
        for _ in 0..<10 { try await writer.write(Bytes([2, 3])) }
      }
      for try await _ in responses {}
    }
  } catch {}
}

/// What the server will say on its next connection.
private final class Script: Sendable {
  let parts = Mutex<[ArraySlice<UInt8>]>([])
}

/// Says its script as soon as it has heard something, and hangs up.
private final class Babbler: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let script: Script
  private let hasSpoken = Mutex(false)

  init(_ script: Script) {
    self.script = script
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let isFirst = hasSpoken.withLock { hasSpoken in
      defer { hasSpoken = true }
      return !hasSpoken
    }
    guard isFirst else { return }
    for part in script.parts.withLock({ $0 }) {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: part)), promise: nil)
    }
    let channel = context.channel
    context.eventLoop.scheduleTask(in: .milliseconds(2)) { channel.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
