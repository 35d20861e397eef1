import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A TCP connection of a client in frames, which keeps what comes.
final class Wire: Sendable {
  let channel: any Channel
  private let received: Received

  private final class Received: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    let bytes = Mutex<[UInt8]>([])
    private let first: [UInt8]

    init(first: [UInt8]) { self.first = first }

    func channelActive(context: ChannelHandlerContext) {
      context.writeAndFlush(NIOAny(ByteBuffer(bytes: first)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let buffer = unwrapInboundIn(data)
      bytes.withLock { $0 += Array(buffer.readableBytesView) }
    }
  }

  /// Connects and sends `first` at once; `reads`: whether anything is taken from the socket.
  init(_ port: Int, first: [UInt8] = [], reads: Bool = true) async throws {
    let received = Received(first: first)
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: reads)
      .channelInitializer { $0.pipeline.addHandler(received) }
      .connect(host: "127.0.0.1", port: port)
      .get()
    self.received = received
  }

  func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  /// Waits for an answer in which `bytes` occur.
  func expect(_ bytes: [UInt8], _ comment: Comment) async throws {
    for _ in 0..<6_000 {
      let all = received.bytes.withLock { $0 }
      if all.indices.contains(where: { all[$0...].starts(with: bytes) }) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record(comment)
  }

  /// Waits until the server has closed the connection.
  func expectClosed() async throws {
    for _ in 0..<6_000 {
      guard channel.isActive else { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("the connection is still open")
  }
}

// Bytes to be sent.
extension Wire {
  static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4)

  static func frame(
    _ type: UInt8,
    flags: UInt8 = 0,
    stream: Int = 0,
    _ payload: [UInt8] = []
  ) -> [UInt8] {
    let id = UInt32(stream)
    return [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xff), type, flags]
      + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> $0) } + payload
  }

  /// HPACK as plain as it can be: literals without indexing.
  static func headers(
    _ changed: [String: String] = [:],
    extra: [(String, String)] = [],
    flags: UInt8 = 4,
    stream: Int = 1
  ) -> [UInt8] {
    let fields = [
      (":method", "POST"), (":scheme", "http"), (":path", "/test.v1.Test/Echo"),
      (":authority", "a"), ("content-type", "application/grpc"),
    ]
    var block: [UInt8] = []
    for (name, usual) in fields + extra {
      block += [0, UInt8(name.utf8.count)] + Array(name.utf8)
      let value = changed[name] ?? usual
      block += [UInt8(value.utf8.count)] + Array(value.utf8)
    }
    return frame(1, flags: flags, stream: stream, block)
  }
}
