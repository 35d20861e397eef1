import Foundation
import TestTools
import Testing

@testable import GRPC

@Suite("gzip")
struct GzipTests {
  /// Bytes that can be compressed about as well as messages can.
  private static func text(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix(seed: seed)
    let words: [[UInt8]] = (0..<12).map { _ in
      (0..<Int.random(in: 2..<12, using: &random)).map { _ in
        UInt8.random(in: .min ... .max, using: &random)
      }
    }
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += words[Int.random(in: 0..<12, using: &random)] }
    return Array(bytes.prefix(count))
  }

  private static func failure(_ message: [UInt8], limit: Int = 1_000_000) -> Gzip.Failure? {
    do throws(Gzip.Failure) {
      _ = try Gzip.inflate(message, limit: limit)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      200, 250, 251, 506, 507, 1_000, 4_000, 7_930, 16_122, 16_123, 32_767, 32_768, 32_769, 65_536,
      300_000, 1_500_000,
    ]
  )
  func `gives back what it took, whatever its length`(count: Int) throws {
    let message = GzipTests.text(count, seed: UInt64(count))
    let compressed = try #require(Gzip.deflate(message))
    #expect(compressed.count < message.count)
    #expect(try Gzip.inflate(compressed, limit: count) == message)
    #expect(Gzip.claimedLength(of: compressed) == count)
    #expect(GzipTests.failure(compressed, limit: count - 1) == .overLimit)
  }

  @Test func `is left out where it gains nothing`() {
    var random = SplitMix(seed: 1)
    for count in [0, 1, 20, 21, 100, 10_000, 100_000] {
      let noise = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(Gzip.deflate(noise) == nil)
    }
    for count in 0..<100 {
      let zeros = [UInt8](repeating: 0, count: count)
      #expect(Gzip.deflate(zeros).map { $0.count < count } ?? true)
    }
    #expect(Gzip.deflate([UInt8](repeating: 0, count: 30)) != nil)
  }

  @Test func `is refused wherever it is cut off`() throws {
    let compressed = try #require(Gzip.deflate(GzipTests.text(600, seed: 2)))
    for count in 0..<compressed.count {
      #expect(GzipTests.failure(Array(compressed.prefix(count))) == .truncated)
    }
  }

  @Test func `gives no other message when a bit is changed`() throws {
    let message = GzipTests.text(600, seed: 3)
    let compressed = try #require(Gzip.deflate(message))
    var refused = 0
    for index in compressed.indices {
      for bit in 0..<8 {
        var changed = compressed
        changed[index] ^= 1 << bit
        do {
          #expect(try Gzip.inflate(changed, limit: 1_000) == message, "byte \(index), bit \(bit)")
        } catch {
          refused += 1
        }
      }
    }
    // Nothing depends on time, system and flags (bytes 4 to 9), one more flag, and what fills up
    // the last byte of the data.
    #expect(refused >= 8 * (compressed.count - 6) - 8)
  }

  @Test func `is refused with anything after it, also another member`() throws {
    let compressed = try #require(Gzip.deflate(GzipTests.text(300, seed: 4)))
    #expect(GzipTests.failure(compressed + [0]) == .trailingBytes)
    #expect(GzipTests.failure(compressed + compressed) == .trailingBytes)
  }

  @Test func `of nothing is nothing`() throws {
    let head: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0]
    #expect(try Gzip.inflate(head + [UInt8](repeating: 0, count: 8), limit: 0) == [])
  }

  @Test func `is gzip and nothing else`() {
    // The same byte in the formats of zlib (RFC 1950), deflate (RFC 1951) and as it is.
    for other: [UInt8] in [
      [0x78, 0x9c, 0x4b, 0x04, 0x00, 0x00, 0x62, 0x00, 0x62], [0x4b, 0x04, 0x00], [0x61], [],
    ] {
      #expect(GzipTests.failure(other) != nil)
    }
  }

  @Test func `survives noise`() {
    var random = SplitMix(seed: 5)
    for _ in 0..<3_000 {
      let count = Int.random(in: 0..<200, using: &random)
      var noise = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      noise.replaceSubrange(0..<min(count, 4), with: [0x1f, 0x8b, 8, 0].prefix(count))
      #expect(GzipTests.failure(noise) != nil)
    }
  }

  /// So many MiB of zeros: blocks as zlib ends them with a full flush, which can be repeated.
  private static func zeros(mebibytes: Int, trailer: [UInt8]) -> [UInt8] {
    let block: [UInt8] =
      [236, 193, 49, 1, 0, 0, 0, 194, 160, 245, 79, 109, 8, 95, 160]
      + [UInt8](repeating: 0, count: 1_016) + [62, 3, 0, 0, 255, 255]
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
      + Array(repeatElement(block, count: mebibytes).joined()) + [3, 0] + trailer
  }

  /// The most memory that this process ever had, in KiB.
  private static func peak() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
    return try #require(Int(line.split(whereSeparator: { !$0.isNumber }).joined()))
  }

  @Test func `of a gigabyte is given up at the limit, with memory for no more`() throws {
    let one = GzipTests.zeros(mebibytes: 1, trailer: [0x1c, 0xea, 0x38, 0xa7, 0, 0, 0x10, 0])
    #expect(try Gzip.inflate(one, limit: 1 << 20) == [UInt8](repeating: 0, count: 1 << 20))
    let bomb = GzipTests.zeros(mebibytes: 1_024, trailer: [0xb0, 0xc2, 0x64, 0x5b, 0, 0, 0, 0x40])
    #expect(Gzip.claimedLength(of: bomb) == 1 << 30)
    let before = try GzipTests.peak()
    let limit = 4 * 1024 * 1024
    var most = 0
    for _ in 0..<20 {
      #expect(throws: Gzip.Failure.overLimit) {
        try Gzip.inflate(bomb, limit: limit) { count in
          most = max(most, count)
          return true
        }
      }
    }
    #expect(most == limit + 1)
    // Other tests run meanwhile; twenty gigabytes they do not take.
    #expect(try GzipTests.peak() - before < 500_000)
    #expect(throws: Gzip.Failure.refused) {
      try Gzip.inflate(bomb, limit: limit) { $0 < 100_000 }
    }
  }
}
