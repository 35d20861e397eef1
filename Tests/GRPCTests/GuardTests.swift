import GRPC
import NIOCore
import NIOPosix
import Testing

/// Peers that misbehave: each loses its connection, with the reason in the log, and nobody else
/// notices.
@Suite("Peers that misbehave", .timeLimit(.minutes(10)))
struct GuardTests {
  private static let acknowledgement = Wire.frame(4, flags: 1)
  /// As it stands in a GOAWAY.
  private static let calm: [UInt8] = [0, 0, 0, 11]

  /// `hasShortTimes`: they may be too short for the client too, on a busy machine.
  private func withWire(
    _ handlers: [MethodHandler] = [],
    first: [UInt8] = [],
    reads: Bool = true,
    hasShortTimes: Bool = false,
    configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (Wire, CapturedLog) async throws -> Void
  ) async throws {
    let log = CapturedLog()
    try await withServer(
      standardHandlers + handlers,
      configure: configure,
      logger: log.logger
    ) { client, port, _ in
      let wire = try await Wire(port, first: first, reads: reads)
      try await body(wire, log)
      if !hasShortTimes {
        let response: Bytes = try await client.unary(method("Echo"), Bytes("alive"))
        #expect(response.text == "alive")
      }
      try? await wire.channel.close()
    }
  }

  private static func request(_ name: String, stream: Int) -> [UInt8] {
    Wire.headers([":path": "/test.v1.Test/\(name)"], stream: stream)
      + Wire.frame(0, flags: 1, stream: stream, [0, 0, 0, 0, 1, UInt8(ascii: "1")])
  }

  @Test(
    arguments: [
      ("settings-flood", Wire.frame(4)),
      ("ping-flood", Wire.frame(6, flags: 1, [0, 0, 0, 0, 0, 0, 0, 0])),
      ("too_many_pings", Wire.frame(6, [0, 0, 0, 0, 0, 0, 0, 0])),
      ("priority-flood", Wire.frame(2, stream: 5, [0, 0, 0, 0, 0])),
      ("window-update-flood", Wire.frame(8, [0, 0, 0, 1])),
      ("empty-data-flood", Wire.frame(0, stream: 1)),
      ("empty-data-flood", Wire.frame(0, flags: 8, stream: 1, [3, 0, 0, 0])),
      ("unknown-frame-flood", Wire.frame(0x42, [1, 2, 3])),
      ("unknown-frame-flood", Wire.frame(16, [0, 0, 0, 1, 1])),
    ]
  )
  func `a flood ends its connection with its name`(reason: String, frame: [UInt8]) async throws {
    try await withWire { wire, log in
      // The stream of a call that waits for its request.
      let call = Wire.headers([":path": "/test.v1.Test/Join"])
      try await wire.send(Wire.preface + GuardTests.acknowledgement + call)
      try? await wire.send((0..<2_000).flatMap { _ in frame })
      try await wire.expect(GuardTests.calm + Array(reason.utf8), "no GOAWAY")
      try await wire.expectClosed()
      let line = try #require(log.lines(reason: reason).first)
      #expect(line["peer"]?.hasPrefix("127.0.0.1:") == true)
      #expect(log.lines(reason: reason).count == 1)
    }
  }

  @Test(arguments: [false, true])
  func `rapid resets end their connection`(areComplete: Bool) async throws {
    let handler = MethodHandler.unary(method("Long")) { (request: Bytes, _) in
      try await Task.sleep(for: .seconds(60))
      return request
    }
    try await withWire([handler]) { wire, log in
      try await wire.send(Wire.preface + GuardTests.acknowledgement)
      let calls = (0..<1_000).flatMap { index in
        let id = 2 * index + 1
        let request =
          areComplete ? GuardTests.request("Long", stream: id) : Wire.headers(stream: id)
        return request + Wire.frame(3, stream: id, [0, 0, 0, 8])
      }
      try? await wire.send(calls)
      try await wire.expect(GuardTests.calm + Array("rapid-reset".utf8), "no GOAWAY")
      try await wire.expectClosed()
      try await log.expect(reason: "rapid-reset")
    }
  }

  @Test func `requests that make the server reset them end their connection`() async throws {
    try await withWire { wire, log in
      // Without the acknowledgement, streams over the limit are reset too, and no more than that.
      // A field in upper case is malformed (RFC 9113 section 8.2.1).
      let calls = (0..<1_000).flatMap { Wire.headers(extra: [("X", "y")], stream: 2 * $0 + 1) }
      try? await wire.send(Wire.preface + calls)
      try await wire.expectClosed()
      try await log.expect(reason: "rapid-reset")
    }
  }

  @Test func `a block of many CONTINUATION frames ends its connection`() async throws {
    try await withWire { wire, log in
      let more = (0..<20).flatMap { _ in Wire.frame(9, stream: 1, [0, 1, 0x61, 1, 0x62]) }
      try await wire.send(Wire.preface + Wire.headers(flags: 0) + more)
      try await wire.expectClosed()
      try await log.expect(reason: "continuation-flood")
    }
  }

  @Test func `a flood by somebody who reads nothing is found too`() async throws {
    try await withWire(reads: false) { wire, log in
      try? await wire.send(Wire.preface + (0..<2_000).flatMap { _ in Wire.frame(4) })
      try await log.expect(reason: "settings-flood")
    }
  }

  @Test func `cancelled handlers that run on keep their places`() async throws {
    let (started, go) = (Signal(), Signal())
    let handler = MethodHandler.unary(method("Deaf")) { (request: Bytes, _) in
      started.send()
      // Deaf to its cancellation.
      try await Task { try await go.wait() }.value
      return request
    }
    try await withWire([handler], configure: { $0.maxConcurrentStreams = 4 }) { wire, log in
      try await wire.send(Wire.preface + GuardTests.acknowledgement)
      for index in 0..<4 {
        try await wire.send(GuardTests.request("Deaf", stream: 2 * index + 1))
      }
      try await started.wait(4)
      for index in 0..<4 {
        try await wire.send(Wire.frame(3, stream: 2 * index + 1, [0, 0, 0, 8]))
      }
      try await wire.send(GuardTests.request("Deaf", stream: 9))
      try await wire.expect(Wire.frame(3, stream: 9, [0, 0, 0, 7]), "not refused")
      try await log.expect(reason: "handlers-outlive-their-calls")
      #expect(started.value == 4)
      go.send()
      // The places are free again when the handlers are done.
      var id = 11
      while started.value == 4, id < 1_000 {
        try await wire.send(GuardTests.request("Deaf", stream: id))
        try await Task.sleep(for: .milliseconds(20))
        id += 2
      }
      #expect(started.value > 4)
    }
  }

  @Test(arguments: [0, 10, Wire.preface.count])
  func `who does not finish the handshake is closed`(count: Int) async throws {
    let time = Duration.milliseconds(100)
    try await withWire(
      first: Array(Wire.preface.prefix(count)),
      hasShortTimes: true,
      configure: { $0.connections.handshakeTime = time }
    ) { wire, log in
      try await wire.expectClosed()
      try await log.expect(reason: "handshake-timeout")
    }
  }

  @Test(arguments: [false, true])
  func `a header block that does not end is not waited for`(isInFrame: Bool) async throws {
    let time = Duration.seconds(2)
    let start = isInFrame ? Array(Wire.headers().dropLast()) : Wire.headers(flags: 0)
    try await withWire(
      first: Wire.preface + GuardTests.acknowledgement + start,
      hasShortTimes: true,
      configure: { $0.connections.handshakeTime = time }
    ) { wire, log in
      try await wire.expectClosed()
      try await log.expect(reason: "slow-headers")
    }
  }

  @Test func `a dead peer is found by keepalive`() async throws {
    try await withWire(
      first: Wire.preface + GuardTests.acknowledgement,
      hasShortTimes: true,
      configure: {
        $0.connections.keepalive = Keepalive(
          time: .milliseconds(100),
          timeout: .milliseconds(100),
          withoutCalls: true
        )
      }
    ) { wire, log in
      // The PING stays without an answer.
      try await wire.expect([0, 0, 8, 6, 0], "no PING")
      try await wire.expectClosed()
      try await log.expect(reason: "keepalive-timeout")
    }
  }

  private static let flood = MethodHandler.serverStreaming(method("Flood")) {
    (_: Bytes, _, responses: ResponseWriter<Bytes>) in
    while true { try await responses.write(Bytes([UInt8](repeating: 1, count: 10_000))) }
  }

  @Test func `a stream whose window stays shut is reset`() async throws {
    let stallTime = Duration.milliseconds(200)
    try await withWire(
      [GuardTests.flood],
      hasShortTimes: true,
      configure: { $0.connections.stallTime = stallTime }
    ) { wire, log in
      let shut = Wire.frame(4, [0, 4, 0, 0, 0, 0])
      let request = GuardTests.request("Flood", stream: 1)
      try await wire.send(Wire.preface + GuardTests.acknowledgement + shut + request)
      try await wire.expect(Wire.frame(3, stream: 1, [0, 0, 0, 8]), "no RST_STREAM")
      try await log.expect(reason: "unread-stream")
    }
  }

  @Test func `while too much is unread, who takes nothing is given up soon`() async throws {
    try await withWire(
      [GuardTests.flood],
      configure: {
        $0.maxUnreadBytes = 10_000
        // How often is looked.
        $0.connections.handshakeTime = .seconds(5)
      }
    ) { wire, log in
      let shut = Wire.frame(4, [0, 4, 0, 0, 0, 0])
      let request = GuardTests.request("Flood", stream: 1)
      try await wire.send(Wire.preface + GuardTests.acknowledgement + shut + request)
      // Long before the stall time of minutes.
      try await log.expect(reason: "unread-stream")
    }
  }

  @Test(
    arguments: [
      ("not-http2", Array("GET / HTTP/1.1\r\nHost: office.example.vn\r\n\r\n".utf8)),
      ("protocol-violation", Wire.preface + Wire.frame(8, [0, 0, 0, 0])),
      ("protocol-violation", Wire.preface + Wire.frame(0, stream: 1, [1])),
    ]
  )
  func `what is not HTTP2 stands in the log`(reason: String, bytes: [UInt8]) async throws {
    try await withWire(first: bytes) { wire, log in
      try await wire.expectClosed()
      try await log.expect(reason: reason)
    }
  }

  @Test func `a connection that nobody reads is closed`() async throws {
    let stallTime = Duration.milliseconds(500)
    try await withWire(
      [GuardTests.flood],
      reads: false,
      hasShortTimes: true,
      configure: { $0.connections.stallTime = stallTime }
    ) { wire, log in
      let windows =
        Wire.frame(4, [0, 4, 0x7f, 0xff, 0xff, 0xff]) + Wire.frame(8, [0x7f, 0, 0, 0])
      let request = GuardTests.request("Flood", stream: 1)
      try await wire.send(Wire.preface + GuardTests.acknowledgement + windows + request)
      try await log.expect(reason: "unread-connection")
    }
  }

  @Test func `idle and old connections are drained`() async throws {
    for isOld in [false, true] {
      try await withWire(
        first: Wire.preface + GuardTests.acknowledgement,
        hasShortTimes: true,
        configure: {
          if isOld {
            $0.connections.maxAge = .milliseconds(100)
          } else {
            $0.connections.maxIdle = .milliseconds(100)
          }
        }
      ) { wire, _ in
        // The notice, and after its time the real one.
        try await wire.expect([7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff], "no notice")
        try await wire.expect([7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "no GOAWAY")
        try await wire.expectClosed()
      }
    }
  }

  @Test func `calls over the grace of an old connection are UNAVAILABLE`() async throws {
    let cancelled = Signal()
    let handler = MethodHandler.unary(method("Endless")) { (request: Bytes, _) in
      do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.send() }
      return request
    }
    try await withServer(
      [handler],
      configure: {
        $0.connections.maxAge = .seconds(2)
        $0.connections.maxAgeGrace = .milliseconds(100)
      }
    ) { client, _, _ in
      let error = await status {
        let _: Bytes = try await client.unary(method("Endless"), Bytes(""))
      }
      #expect(error?.code == .unavailable)
      try await cancelled.wait()
    }
  }

  @Test func `connections that come in a loop do not fill the log`() async throws {
    let log = CapturedLog()
    try await withServer(
      configure: { $0.connections.maxPingStrikes = 1 },
      logger: log.logger
    ) { client, port, _ in
      let ping = Wire.frame(6, [0, 0, 0, 0, 0, 0, 0, 0])
      for _ in 0..<30 {
        let wire = try await Wire(port)
        try? await wire.send(Wire.preface + ping + ping + ping)
        try await wire.expectClosed()
      }
      #expect(log.lines(reason: "too_many_pings").count == 10)
      let _: Bytes = try await client.unary(method("Echo"), Bytes("alive"))
    }
  }

  @Test func `a client finds its server dead by keepalive`() async throws {
    // Greets, and says nothing more.
    let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { $0.pipeline.addHandler(Greeter()) }
      .bind(host: "127.0.0.1", port: 0).get()
    var configuration = ClientConfiguration()
    configuration.minKeepaliveTime = .milliseconds(50)
    configuration.keepalive = Keepalive(time: .milliseconds(50), timeout: .milliseconds(50))
    let client = GRPCClient(
      host: "127.0.0.1",
      port: try #require(silent.localAddress?.port),
      security: .plaintext,
      configuration: configuration,
      group: MultiThreadedEventLoopGroup.singleton
    )
    let error = await status { let _: Bytes = try await client.unary(method("Echo"), Bytes("")) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("keepalive") == true)
    await client.close()
    try await silent.close()
  }

  @Test func `no call is lost while connections age`() async throws {
    let maxAge = Duration.milliseconds(100)
    try await withServer(configure: { $0.connections.maxAge = maxAge }) { client, _, _ in
      let calls = try await withThrowingTaskGroup(of: Int.self) { group in
        for caller in 0..<32 {
          group.addTask {
            let end = ContinuousClock.now + .seconds(2)
            var count = 0
            while ContinuousClock.now < end {
              let text = "\(caller) \(count)"
              let response: Bytes = try await client.unary(method("Echo"), Bytes(text))
              #expect(response.text == text)
              count += 1
            }
            return count
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(calls >= 32)
    }
  }
}

/// A server that says its settings and nothing else.
private final class Greeter: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: Wire.frame(4))), promise: nil)
  }
}
