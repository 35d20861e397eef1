import GRPC
import NIOCore
import NIOPosix
import Synchronization
import TestTools
import Testing

@Suite("Raw bytes to the port", .timeLimit(.minutes(10)))
struct WireTests {
  private func withWire(
    _ handlers: [MethodHandler] = [],
    _ body: (Wire) async throws -> Void
  ) async throws {
    try await withServer(standardHandlers + handlers) { client, port, _ in
      let wire = try await Wire(port)
      try await body(wire)
      // Whatever came over one connection, the server goes on.
      let response: Bytes = try await client.unary(method("Echo"), Bytes("alive"))
      #expect(response.text == "alive")
      try? await wire.channel.close()
    }
  }

  @Test func `a request in plain frames is answered`() async throws {
    try await withWire { wire in
      let message = Wire.frame(0, flags: 1, stream: 1, [0, 0, 0, 0, 2] + Array("hi".utf8))
      try await wire.send(Wire.preface + Wire.headers() + message)
      try await wire.expect([0, 0, 0, 0, 2] + Array("hi".utf8), "no answer")
    }
  }

  @Test func `garbage closes its connection`() async throws {
    try await withWire { wire in
      try await wire.send([UInt8]("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      try await wire.expectClosed()
    }
  }

  @Test(
    arguments: [
      Wire.frame(9, flags: 4, stream: 1, [0]),
      Wire.frame(0, stream: 1, [0]),
      Wire.frame(8, stream: 0, [0, 0, 0, 0]),
      Wire.frame(4, stream: 0, [0]),
      Wire.frame(6, stream: 0, [0]),
      Wire.frame(1, flags: 4, stream: 2, [0x82]),
      Wire.frame(1, flags: 4, stream: 1, [0xff, 0xff, 0xff, 0xff]),
    ]
  )
  func `a violation of HTTP/2 ends its connection with GOAWAY`(bytes: [UInt8]) async throws {
    try await withWire { wire in
      try await wire.send(Wire.preface + bytes)
      try await wire.expect([7, 0, 0, 0, 0, 0], "no GOAWAY")
      try await wire.expectClosed()
    }
  }

  @Test func `mutated requests harm nobody else`() async throws {
    let message = Wire.frame(0, flags: 1, stream: 1, [0, 0, 0, 0, 2] + Array("hi".utf8))
    let rest =
      Wire.headers() + message + Wire.headers(stream: 3)
      + Wire.frame(8, stream: 3, [0, 0, 1, 0]) + Wire.frame(3, stream: 3, [0, 0, 0, 8])
    var noise = SplitMix(seed: 7540)
    try await withServer { client, port, _ in
      for round in 0..<500 {
        var bytes = rest
        for _ in 0..<Int.random(in: 1...8, using: &noise) {
          let index = Int.random(in: 0..<bytes.count, using: &noise)
          switch Int.random(in: 0..<3, using: &noise) {
          case 0: bytes[index] = UInt8.random(in: 0...255, using: &noise)
          case 1: bytes.insert(UInt8.random(in: 0...255, using: &noise), at: index)
          default: bytes.remove(at: index)
          }
        }
        let wire = try await Wire(port)
        try? await wire.send(Wire.preface + bytes)
        try? await wire.channel.close()
        guard round.isMultiple(of: 50) else { continue }
        let response: Bytes = try await client.unary(method("Echo"), Bytes("alive"))
        #expect(response.text == "alive")
      }
    }
  }

  @Test func `a violation right after a request still lets its handler end`() async throws {
    let (started, cancelled) = (Signal(), Signal())
    let handler = MethodHandler.clientStreaming(method("Late")) {
      (requests: RequestStream<Bytes>, _) -> Bytes in
      started.send()
      do { for try await _ in requests {} } catch { cancelled.send() }
      return Bytes("")
    }
    try await withWire([handler]) { wire in
      let request = Wire.headers([":path": "/test.v1.Test/Late"])
      let pings = (0..<2000).flatMap { _ in Wire.frame(6, [0, 0, 0, 0, 0, 0, 0, 0]) }
      try? await wire.send(Wire.preface + request + pings)
      try await wire.expectClosed()
      try await started.wait()
      try await cancelled.wait()
    }
  }

  @Test func `a deadline ends a call whose client takes nothing`() async throws {
    let handler = MethodHandler.serverStreaming(method("Flood")) {
      (_: Bytes, _, responses: ResponseWriter<Bytes>) in
      while true { try await responses.write(Bytes([UInt8](repeating: 1, count: 10_000))) }
    }
    try await withWire([handler]) { wire in
      // A window of nothing from the first frame on.
      let window = Wire.frame(4, [0, 4, 0, 0, 0, 0])
      let request = Wire.headers(
        [":path": "/test.v1.Test/Flood"],
        extra: [("grpc-timeout", "200m")]
      )
      let message = Wire.frame(0, flags: 1, stream: 1, [0, 0, 0, 0, 0])
      try await wire.send(Wire.preface + window + request + message)
      try await wire.expect([1, 5, 0, 0, 0, 1], "no trailers")
    }
  }

  @Test func `a half-written request harms nobody`() async throws {
    let message = Wire.frame(0, flags: 1, stream: 1, [0, 0, 0, 0, 2] + Array("hi".utf8))
    let all = Wire.preface + Wire.headers() + message
    try await withServer { client, port, _ in
      for count in 0..<all.count {
        let wire = try await Wire(port)
        try await wire.send(Array(all.prefix(count)))
        try await wire.channel.close()
      }
      let response: Bytes = try await client.unary(method("Echo"), Bytes("alive"))
      #expect(response.text == "alive")
    }
  }

  @Test func `a request that does not come to its end is given up`() async throws {
    try await withServer(configure: { $0.requestTime = .milliseconds(100) }) { _, port, _ in
      let wire = try await Wire(port)
      let part = Wire.frame(0, stream: 1, [0, 0, 0, 0, 9, 1])
      try await wire.send(Wire.preface + Wire.headers() + part)
      // DEADLINE_EXCEEDED
      try await wire.expect([1, UInt8(ascii: "4")], "no status 4")
      try await wire.channel.close()
    }
  }

  @Test func `a request that ends inside a message is INTERNAL`() async throws {
    try await withWire { wire in
      let half = Wire.frame(0, flags: 1, stream: 1, [0, 0, 0, 0, 9, 1])
      try await wire.send(Wire.preface + Wire.headers() + half)
      try await wire.expect(Array("13".utf8), "no status 13")
    }
  }

  @Test func `what is not gRPC is answered 415`() async throws {
    try await withWire { wire in
      try await wire.send(
        Wire.preface + Wire.headers(["content-type": "application/json"], flags: 5)
      )
      try await wire.expect(Array("415".utf8), "no status 415")
    }
  }

  @Test func `what is not a POST is answered 405`() async throws {
    try await withWire { wire in
      try await wire.send(Wire.preface + Wire.headers([":method": "GET"], flags: 5))
      try await wire.expect(Array("405".utf8), "no status 405")
    }
  }

  @Test func `an early answer resets the rest of the request without an error`() async throws {
    try await withWire { wire in
      try await wire.send(Wire.preface + Wire.headers([":path": "/no/No"]))
      try await wire.expect(Wire.frame(3, stream: 1, [0, 0, 0, 0]), "no RST_STREAM(NO_ERROR)")
    }
  }

  @Test func `a flood of resets ends its connection`() async throws {
    try await withWire { wire in
      var bytes = Wire.preface
      for index in 0..<3000 {
        bytes += Wire.headers(stream: 2 * index + 1)
        bytes += Wire.frame(3, stream: 2 * index + 1, [0, 0, 0, 8])
      }
      try? await wire.send(bytes)
      try await wire.expectClosed()
    }
  }

  @Test(arguments: [false, true])
  func `more streams than allowed are refused`(isLimitKnown: Bool) async throws {
    try await withWire { wire in
      var bytes = Wire.preface
      if isLimitKnown {
        try await wire.send(bytes)
        try await wire.expect([0, 3, 0, 0, 0, 100], "no SETTINGS_MAX_CONCURRENT_STREAMS")
        bytes = Wire.frame(4, flags: 1)
      }
      for index in 0..<101 { bytes += Wire.headers(stream: 2 * index + 1) }
      try await wire.send(bytes)
      // Who knows the limit breaks the protocol, who does not yet may try again.
      let answer =
        isLimitKnown
        ? [7, 0, 0, 0, 0, 0, 0, 0, 0, 199, 0, 0, 0, 1]
        : Wire.frame(3, stream: 201, [0, 0, 0, 7])
      try await wire.expect(answer, "neither GOAWAY nor RST_STREAM(REFUSED_STREAM)")
    }
  }
}
