import API
import Protobuf
import Testing

/// A million mutated inputs: each is refused or is a value that survives encoding and decoding.
@Suite("Fuzz")
struct FuzzTests {
  static let seed: UInt64 = 0x20_22_00_22

  @Test func `everything`() { fuzz(150_000, seed: Self.seed) { $0.everything() } }

  @Test func `well-known types`() { fuzz(250_000, seed: Self.seed + 1) { $0.wellKnown() } }

  @Test func `status with details`() { fuzz(250_000, seed: Self.seed + 2) { $0.status() } }

  @Test func `messages in messages`() { fuzz(350_000, seed: Self.seed + 3) { $0.inner() } }

  private func fuzz<M: ProtobufMessage>(
    _ inputs: Int,
    seed: UInt64,
    _ make: (inout RandomValues) -> M
  ) {
    print("fuzzing \(M.fullName) with seed \(seed)")
    var random = RandomValues(seed: seed)
    let corpus = (0..<500).map { _ in make(&random).encoded() }
    var accepted = 0
    for index in 0..<inputs {
      let input = random.mutation(of: corpus)
      guard let value = try? M(decoding: input) else { continue }
      accepted += 1
      // Compared as bytes: a NaN is not equal to itself.
      let encoded = value.encoded()
      if (try? M(decoding: encoded))?.encoded() != encoded {
        Issue.record("input \(index) of \(M.fullName), seed \(seed): \(input.hex)")
      }
    }
    print("fuzzing \(M.fullName): \(accepted) of \(inputs) accepted")
    // Neither may be rare, else the mutations are too weak or too strong to find anything.
    #expect(accepted > inputs / 50)
    #expect(accepted < inputs * 49 / 50)
  }
}

extension RandomValues {
  /// Takes an input and does to it what a network, a bug or an attacker might.
  fileprivate mutating func mutation(of corpus: [[UInt8]]) -> [UInt8] {
    var bytes = corpus[count(corpus.count)]
    repeat {
      let at = count(bytes.count + 1)
      switch count(7) {
      case 0: bytes.removeLast(bytes.count - at)
      case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8(count(8))
      case 2 where at < bytes.count: bytes[at] = [0, 0x7F, 0x80, 0xFF][count(4)]
      case 3: bytes.insert(contentsOf: (0..<count(8)).map { _ in UInt8(count(256)) }, at: at)
      case 4:
        let other = corpus[count(corpus.count)]
        bytes = Array(bytes[..<at] + other[count(other.count + 1)...])
      case 5: bytes += corpus[count(corpus.count)]
      default: if at < bytes.count { bytes.remove(at: at) }
      }
    } while count(3) == 0
    return bytes
  }
}
