import API
import Testing
import Transcript

@testable import Records

@Suite("DocumentVersion")
struct DocumentVersionTests {
  /// A document that says `content`, in any revision.
  private func version(
    _ content: String,
    after versions: [SignedVersion] = []
  ) throws -> DocumentVersion {
    try DocumentVersion(after: versions) { revision in
      Array("\(content) \(revision.number) \(revision.replacedDigest ?? "")".utf8)
    }
  }

  private func signed(_ version: DocumentVersion) -> SignedVersion {
    SignedVersion(document: "d", digest: version.digest, signer: "s")
  }

  @Test func `begins as revision 1, unsigned`() throws {
    let first = try version("a")
    #expect(first.state == .unsigned)
    #expect(first.payload == Array("a 1 ".utf8))
  }

  @Test func `stays what was signed while it says the same`() throws {
    let first = try version("a")
    let again = try version("a", after: [signed(first)])
    #expect(again.state == .signed)
    #expect(again.payload == first.payload)
  }

  @Test func `becomes the next revision when it says something else, even what it once said`()
    throws
  {
    let first = signed(try version("a"))
    let changed = try version("b", after: [first])
    #expect(changed.state == .stale)
    #expect(changed.payload == Array("b 2 \(first.digest)".utf8))

    let second = signed(changed)
    #expect(try version("b", after: [first, second]).state == .signed)
    let back = try version("a", after: [first, second])
    #expect(back.state == .stale)
    #expect(back.payload == Array("a 3 \(second.digest)".utf8))
  }
}
