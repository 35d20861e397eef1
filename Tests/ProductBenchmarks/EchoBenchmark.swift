import API
import GRPC
import Logging
import NIOCore
import NIOPosix

/// Unary echo through the whole stack (client, HTTP/2, loopback, server, messages), against bare
/// TCP between two event loops.
enum EchoBenchmark {
  private static let text = String(repeating: "x", count: 100)
  private static let method = MethodDescriptor(service: "hocba.bench.Echo", method: "Echo")

  static func figures() async throws -> [Figure] {
    let server = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let client = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    var figures: [Figure] = []
    for (atOnce, count) in [(64, 30_000), (1, 4_000)] {
      let calls = try await echo(count, atOnce: atOnce, server, client)
      let exchanges = try await pingPong(count, atOnce: atOnce, server, client)
      figures.append(
        Figure("unary echo, \(atOnce) at once", calls, "calls", against: "TCP ping-pong", exchanges)
      )
    }
    try await client.shutdownGracefully()
    try await server.shutdownGracefully()
    return figures
  }

  private static func echo(
    _ count: Int,
    atOnce: Int,
    _ serverGroup: any EventLoopGroup,
    _ clientGroup: any EventLoopGroup
  ) async throws -> Double {
    let server = GRPCServer(
      configuration: ServerConfiguration(host: "127.0.0.1", port: 0, security: .plaintext),
      handlers: [
        .unary(method) { (request: GoogleProtobuf.StringValue, _) in request }
      ],
      group: serverGroup,
      logger: Logger(label: "bench")
    )
    let port = try await server.start().port ?? 0
    let client = GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: .plaintext,
      group: clientGroup
    )
    let rate = try await median(rounds: 5) {
      try await withThrowingTaskGroup { group in
        for _ in 0..<atOnce {
          group.addTask {
            for _ in 0..<count / atOnce {
              let _: GoogleProtobuf.StringValue = try await client.unary(
                method,
                GoogleProtobuf.StringValue(value: text)
              )
            }
          }
        }
        try await group.waitForAll()
      }
      return count / atOnce * atOnce
    }
    await client.close()
    await server.shutdown(grace: .seconds(1))
    return rate
  }

  private static func pingPong(
    _ count: Int,
    atOnce: Int,
    _ serverGroup: any EventLoopGroup,
    _ clientGroup: any EventLoopGroup
  ) async throws -> Double {
    // The message with its tag, its length and gRPC's five bytes.
    let size = text.utf8.count + 7
    let server = try await ServerBootstrap(group: serverGroup)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Echo())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = server.localAddress?.port ?? 0
    let rate = try await median(rounds: 5) {
      let done = clientGroup.next().makePromise(of: Void.self)
      let channel = try await ClientBootstrap(group: clientGroup)
        .channelOption(.socketOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let pinger = Pinger(size: size, count: count, atOnce: atOnce, done: done)
            try channel.pipeline.syncOperations.addHandler(pinger)
          }
        }
        .connect(host: "127.0.0.1", port: port).get()
      try await done.futureResult.get()
      try await channel.close()
      return count
    }
    try await server.close()
    return rate
  }
}

/// Sends back what comes.
private final class Echo: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.write(data, promise: nil)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
  }
}

/// Sends messages, a few at once, each when another has come back.
private final class Pinger: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let size: Int
  private let count: Int
  private let atOnce: Int
  private let done: EventLoopPromise<Void>
  private var sent = 0
  private var received = 0

  init(size: Int, count: Int, atOnce: Int, done: EventLoopPromise<Void>) {
    self.size = size
    self.count = count
    self.atOnce = atOnce
    self.done = done
  }

  func channelActive(context: ChannelHandlerContext) { send(context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += unwrapInboundIn(data).readableBytes
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if received == count * size { done.succeed() } else { send(context) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { done.fail(error) }

  private func send(_ context: ChannelHandlerContext) {
    let due = min(count, received / size + atOnce)
    while sent < due {
      let message = context.channel.allocator.buffer(repeating: 0x78, count: size)
      context.write(wrapOutboundOut(message), promise: nil)
      sent += 1
    }
    context.flush()
  }
}
