import TestTools

/// Makes what a peer may send: mostly frames that are well formed, in an order that is not always.
struct FrameGenerator {
  private var random: SplitMix
  private var bytes: [UInt8] = []
  private var streams: [Int] = []

  private init(_ random: SplitMix) {
    self.random = random
  }

  /// A client's bytes.
  static func client(_ random: inout SplitMix) -> [UInt8] {
    var generator = FrameGenerator(random)
    generator.bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    generator.settings()
    for _ in 0..<generator.random.number(0...24) {
      if generator.random.chance(40) { generator.request() } else { generator.anything() }
    }
    random = generator.random
    return random.chance(50) ? random.damaged(generator.bytes) : generator.bytes
  }

  /// A server's bytes, for a client whose calls have the first odd numbers.
  static func server(_ random: inout SplitMix) -> [UInt8] {
    var generator = FrameGenerator(random)
    generator.streams = [1, 3, 5]
    generator.settings()
    for _ in 0..<generator.random.number(0...24) {
      if generator.random.chance(50) { generator.response() } else { generator.anything() }
    }
    random = generator.random
    return random.chance(50) ? random.damaged(generator.bytes) : generator.bytes
  }

  /// A frame (RFC 9113 section 4.1).
  static func frame(_ type: UInt8, _ flags: UInt8, _ stream: Int, _ payload: [UInt8]) -> [UInt8] {
    let count = payload.count
    return [UInt8(count >> 16 & 0xff), UInt8(count >> 8 & 0xff), UInt8(count & 0xff), type, flags]
      + word(stream) + payload
  }

  private static func word(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private mutating func add(_ type: UInt8, _ flags: UInt8, _ stream: Int, _ payload: [UInt8]) {
    bytes += FrameGenerator.frame(type, flags, stream, payload)
  }

  // What calls are made of.

  private mutating func request() {
    let id = random.chance(90) ? (streams.max() ?? -1) + 2 : random.number(0...9)
    streams.append(id)
    var fields: [(String, String)] = [
      (":method", random.chance(95) ? "POST" : "GET"), (":scheme", "http"),
      (":path", "/fuzz.v1.Fuzz/" + random.pick(["Unary", "Repeat", "Join", "Chat", "None"])),
      (":authority", "a"), ("te", "trailers"), ("content-type", "application/grpc"),
    ]
    let more: [(String, [String])] = [
      ("grpc-timeout", ["1m", "9u", "1S", "x", ""]), ("grpc-encoding", ["gzip", "identity", "?"]),
      ("grpc-accept-encoding", ["gzip"]), ("a-bin", ["AAE", "A", "=", "AAE,AAI"]),
      ("big", [String(repeating: "x", count: 20_000)]),
    ]
    for (name, values) in more where random.chance(20) {
      fields.append((name, random.pick(values)))
    }
    headers(fields, id, isLast: random.chance(10))
    for _ in 0..<random.number(0...3) { message(id) }
    if random.chance(70) { add(0, 1, id, []) }
  }

  private mutating func response() {
    let id = random.pick(streams)
    var fields = [(":status", random.pick(["200", "200", "200", "100", "503", "x"]))]
    fields.append(("content-type", random.pick(["application/grpc", "text/html"])))
    if random.chance(20) { fields.append(("grpc-encoding", random.pick(["gzip", "br"]))) }
    let trailers = [
      ("grpc-status", random.pick(["0", "0", "5", "99", "", "x"])),
      ("grpc-message", random.pick(["%E1%BA", "ok", "%", "%%%"])),
      ("grpc-status-details-bin", random.pick(["AAE", "*"])),
    ]
    if random.chance(20) { return headers(fields + trailers, id, isLast: true) }
    headers(fields, id, isLast: false)
    for _ in 0..<random.number(0...3) { message(id) }
    if random.chance(80) { headers(trailers, id, isLast: random.chance(90)) }
  }

  /// A header block (RFC 7541 section 6.2.2, without Huffman codes), in one frame or several.
  private mutating func headers(_ fields: [(String, String)], _ id: Int, isLast: Bool) {
    var block: [UInt8] = random.chance(10) ? [0x20 | random.byte() & 0x1f] : []
    for (name, value) in fields {
      block.append(random.chance(80) ? 0 : 0x40)
      if random.chance(2) { block += random.bytes(0...9) }
      for text in [name, value] {
        let utf8 = Array(text.utf8)
        if utf8.count < 127 {
          block.append(UInt8(utf8.count))
        } else {
          var rest = utf8.count - 127
          block.append(127)
          while rest >= 128 {
            block.append(UInt8(rest & 127) | 128)
            rest >>= 7
          }
          block.append(UInt8(rest))
        }
        block += utf8
      }
    }
    let cut = random.chance(20) ? random.number(0...block.count) : min(block.count, 16_000)
    let isWhole = cut == block.count
    add(1, (isLast ? 1 : 0) | (isWhole ? 4 : 0), id, Array(block[..<cut]))
    if !isWhole { add(9, random.chance(95) ? 4 : 0, id, Array(block[cut...].prefix(16_000))) }
  }

  private mutating func message(_ id: Int) {
    let payload = random.bytes(0...random.pick([0, 10, 3000]))
    let claimed = random.chance(90) ? payload.count : random.pick([0, 1, 5_000_000, 0xffff_ffff])
    let flag: UInt8 = random.chance(90) ? 0 : random.pick([1, 2, 255])
    let data = [flag] + FrameGenerator.word(claimed) + payload
    guard random.chance(20) else { return add(0, 0, id, data) }
    let padding = random.byte()
    add(0, 8, id, [padding] + data + [UInt8](repeating: 0, count: Int(padding)))
  }

  // And what else may come.

  private mutating func settings() {
    var payload: [UInt8] = []
    for _ in 0..<random.number(0...3) {
      payload += [0, UInt8(random.number(0...10))]
      payload += FrameGenerator.word(random.pick([0, 1, 100, 16_384, 65_535, 0x7fff_ffff, -1]))
    }
    add(4, 0, 0, payload)
  }

  private mutating func anything() {
    let id = random.chance(80) ? random.pick(streams + [0, 1]) : random.number(0...0x7fff_ffff)
    switch random.number(0...11) {
    case 0: add(3, 0, id, FrameGenerator.word(random.number(0...14)))
    case 1: settings()
    case 2: add(4, 1, 0, [])
    case 3: add(6, random.chance(50) ? 0 : 1, 0, random.bytes(8...8))
    case 4: add(8, 0, id, FrameGenerator.word(random.pick([0, 1, 65_535, 0x7fff_ffff])))
    case 5: add(2, 0, id, random.bytes(5...5))
    case 6: add(7, 0, 0, FrameGenerator.word(id) + FrameGenerator.word(random.number(0...14)))
    case 7: add(5, 4, id, random.bytes(4...40))
    case 8: add(9, 4, id, random.bytes(0...40))
    case 9: add(0, random.byte(), id, random.bytes(0...300))
    case 10: add(random.byte(), random.byte(), id, random.bytes(0...60))
    default: bytes += random.bytes(1...40)
    }
  }
}
