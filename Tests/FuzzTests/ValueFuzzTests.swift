import TestTools
import Testing

@testable import GRPC

/// The pieces that read what a peer sends, each by itself.
@Suite("Fuzzing of fields, prefixes and messages") struct ValueFuzzTests {
  @Test func `messages come out alike however their bytes are cut`() async throws {
    try await Fuzz.run("prefixes") { random in
      var bytes: [UInt8] = []
      for _ in 0..<random.number(0...5) {
        let message = random.bytes(0...random.pick([0, 5, 400]))
        let count = random.chance(90) ? message.count : random.number(0...70_000)
        bytes += [random.chance(95) ? 0 : random.byte()]
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + message
      }
      if random.chance(50) { bytes = random.damaged(bytes) }
      let whole = parsed([bytes[...]])
      #expect(parsed(random.parts(bytes)) == whole)
    }
  }

  private struct Parsed: Equatable {
    var messages: [[UInt8]] = []
    var isAtBoundary = true
    var error: RPCError?
  }

  private func parsed(_ parts: [ArraySlice<UInt8>]) -> Parsed {
    var parser = MessageParser(limit: 60_000)
    var inbox = MessageQueue()
    var parsed = Parsed()
    for part in parts {
      do throws(RPCError) {
        try parser.parse(Array(part).span, into: &inbox)
      } catch {
        parsed.error = error
        break
      }
    }
    while let message = inbox.popFirst() { parsed.messages.append(message.bytes) }
    parsed.isAtBoundary = parsed.error != nil || parser.isAtBoundary
    return parsed
  }

  @Test func `heads of requests and responses are read whatever they hold`() async throws {
    let names = [
      ":path", ":method", ":status", "content-type", "te", "grpc-timeout", "grpc-encoding",
      "grpc-accept-encoding", "grpc-status", "grpc-message", "grpc-status-details-bin", "x-bin",
      "x",
    ]
    let values = [
      "/a/b", "POST", "200", "application/grpc", "application/grpc+proto", "99999999H", "1n",
      "gzip",
      "identity,gzip", "0", "17", "%E1%BB%8D", "AAEC", "AAE=", "A,B,", "",
    ]
    try await Fuzz.run("heads") { random in
      var request = RequestHead(limit: 16_384)
      var response = ResponseHead(limit: 16_384)
      for _ in 0..<random.number(0...12) {
        let name = Array(random.pick(names).utf8)
        var value = Array(random.pick(values).utf8)
        if random.chance(40) { value = random.damaged(value) }
        if random.chance(10) { value = random.bytes(0...300) }
        request.receive(name: name.span, value: value.span)
        response.receive(name: name.span, value: value.span)
        if random.chance(15) { _ = response.endBlock(isLast: random.chance(50)) }
      }
      request.end()
      _ = request.refusal
      _ = response.endBlock(isLast: true)
      #expect(response.outcome != nil, "a response without an end")
    }
  }

  @Test func `what is written is read again`() async throws {
    try await Fuzz.run("texts") { random in
      let text = String(decoding: random.bytes(0...60), as: UTF8.self)
      let encoded = StatusMessage.encode(text)
      let decoded = StatusMessage.decode(encoded.span)
      #expect(decoded == text)
      let bytes = random.bytes(0...60)
      #expect(Metadata.decodeBase64(Metadata.encodeBase64(bytes)) == bytes)
      let duration = Duration(
        secondsComponent: Int64(random.number(0...99_999_999)),
        attosecondsComponent: Int64(random.number(0...999_999_999)) * 1_000_000_000
      )
      let field = Array(Timeout.encode(duration).utf8)
      #expect(field.count <= 9)
      let decodedTime = Timeout.decode(field.span)
      let read = try #require(decodedTime)
      #expect(read >= duration)
    }
  }

  @Test func `gzip is undone, and damaged gzip is an error or the same`() async throws {
    try await Fuzz.run("gzip") { random in
      let noise = random.bytes(0...500)
      let plain = random.chance(20) ? noise : noise + [UInt8](repeating: 9, count: 4_500)
      // Noise does not become shorter, and is sent as it is.
      guard let packed = Gzip.deflate(plain) else { return }
      let back = try Gzip.inflate(packed, limit: 5_000)
      #expect(back == plain)
      let unpacked = try? Gzip.inflate(random.damaged(packed), limit: 5_000)
      #expect(unpacked.map { $0.count <= 5_000 } ?? true)
    }
  }
}
