import Foundation
import TestTools
import Testing

/// Runs cases that a generator makes, for as long as `HOCBA_FUZZ_SECONDS` says.
///
/// The seed is printed at once, so that it is known even if a case ends the process;
/// `HOCBA_FUZZ_SEED` makes the same cases again.
enum Fuzz {
  private static let environment = ProcessInfo.processInfo.environment

  /// How long each of the tests goes on.
  private static let time = Duration.seconds(Int(environment["HOCBA_FUZZ_SECONDS"] ?? "") ?? 5)

  /// What a process may hold more at the end than after the first tenth: far above the noise of an
  /// allocator and far below what a leak of one small object a case would come to.
  private static let growthLimit = 64 * 1024 * 1024

  /// Calls `body` with the number of the case and its random numbers until the time is over.
  static func run(
    _ name: String,
    _ body: (inout SplitMix) async throws -> Void
  ) async throws {
    let seed = environment["HOCBA_FUZZ_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    FileHandle.standardError.write(Data("fuzz \(name): seed \(seed)\n".utf8))
    let start = ContinuousClock.now
    var count: UInt64 = 0
    var early = 0
    while ContinuousClock.now - start < time {
      // Each case has a seed of its own, so that one case does not shift the next.
      var random = SplitMix(seed: seed &+ count)
      try await body(&random)
      count += 1
      if ContinuousClock.now - start < time / 10 { early = residentBytes() }
    }
    FileHandle.standardError.write(Data("fuzz \(name): \(count) cases\n".utf8))
    #expect(count > 10, "there was hardly a case")
    #expect(residentBytes() - early < growthLimit, "memory grows, seed \(seed)")
  }

  private static func residentBytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return pages * 4096
  }
}

extension SplitMix {
  /// Whether something that happens `percent` times of 100 happens now.
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

  mutating func bytes(_ count: ClosedRange<Int>) -> [UInt8] {
    (0..<number(count)).map { _ in byte() }
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(0...(elements.count - 1))]
  }

  /// What a broken peer or wire makes of bytes.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<number(1...4) where !bytes.isEmpty {
      let place = number(0...(bytes.count - 1))
      switch number(0...5) {
      case 0: bytes[place] = byte()
      case 1: bytes[place] ^= 1 << number(0...7)
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(contentsOf: self.bytes(1...9), at: place)
      case 4: bytes.removeLast(bytes.count - place)
      default:
        let end = min(bytes.count, place + number(1...64))
        bytes.insert(contentsOf: bytes[place..<end], at: number(0...(bytes.count - 1)))
      }
    }
    return bytes
  }

  /// The same bytes in parts, empty ones too.
  mutating func parts(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    // No more than some hundred of them.
    let most = max(bytes.count / 100, pick([1, 7, 64, 4096]))
    while !rest.isEmpty {
      let part = rest.prefix(number(0...most))
      parts.append(part)
      rest = rest.dropFirst(part.count)
    }
    return parts
  }
}
