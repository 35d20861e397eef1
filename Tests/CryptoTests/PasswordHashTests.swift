import Crypto
import Testing

@Suite("Passwords")
struct PasswordHashTests {
  @Test func `takes the password it was made of and no other`() async throws {
    let hash = try await PasswordHash.make("Học bạ số 1")
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(await PasswordHash.verify("Học bạ số 1", against: hash))
    #expect(await !PasswordHash.verify("Học bạ số 2", against: hash))
    #expect(await !PasswordHash.verify("", against: hash))
  }

  @Test func `gives a password another hash each time`() async throws {
    #expect(try await PasswordHash.make("x") != PasswordHash.make("x"))
  }

  @Test func `refuses a password beyond the limit`() async throws {
    let long = String(repeating: "x", count: PasswordHash.maximumLength + 1)
    await #expect(throws: CryptoError.tooLarge(limit: PasswordHash.maximumLength)) {
      try await PasswordHash.make(long)
    }
    let hash = try await PasswordHash.make("x")
    #expect(await !PasswordHash.verify(long, against: hash))
  }

  @Test(arguments: [
    "", "x", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA",
    "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
  ])
  func `matches nothing against what is not a hash of ours`(hash: String) async {
    #expect(await !PasswordHash.verify("x", against: hash))
  }
}
