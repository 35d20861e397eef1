import CArgon2

/// Passwords, kept as Argon2id (RFC 9106) in its usual encoded text.
package enum PasswordHash {
  /// The smallest cost that OWASP's password storage cheat sheet recommends: 19 MiB, two passes,
  /// one lane.
  package static let memoryKiB: UInt32 = 19_456
  /// Passes over the memory.
  package static let passes: UInt32 = 2
  /// Lanes.
  package static let lanes: UInt32 = 1
  /// Bytes of salt (RFC 9106 §3.1 recommends 16).
  package static let saltLength = 16
  /// Bytes of the result.
  package static let hashLength = 32
  /// The longest password in bytes of UTF-8; a longer one is only work for the server.
  package static let maximumLength = 1_024

  /// A hash with a fresh salt; takes about 50 ms, away from the caller's event loop.
  package static func make(_ password: String) async throws(CryptoError) -> String {
    let result = await Self.aside { () -> Result<String, CryptoError> in
      Result { () throws(CryptoError) in try hash(password) }
    }
    return try result.get()
  }

  /// Runs long work on the threads that are for it.
  ///
  /// `@concurrent` alone would not: a task that prefers an executor, as a call does its event loop,
  /// runs such functions there too (SE-0417).
  @concurrent
  private static func aside<T: Sendable>(_ body: @Sendable () -> T) async -> T {
    await withTaskExecutorPreference(globalConcurrentExecutor) { body() }
  }

  private static func hash(_ password: String) throws(CryptoError) -> String {
    guard password.utf8.count <= maximumLength else { throw .tooLarge(limit: maximumLength) }
    let salt = try Random.bytes(saltLength)
    let secret = password.utf8.map { CChar(bitPattern: $0) }
    let length = argon2_encodedlen(
      passes,
      memoryKiB,
      lanes,
      UInt32(saltLength),
      UInt32(hashLength),
      Argon2_id
    )
    var encoded = [CChar](repeating: 0, count: length)
    let status = unsafe argon2id_hash_encoded(
      passes,
      memoryKiB,
      lanes,
      secret,
      secret.count,
      salt,
      salt.count,
      hashLength,
      &encoded,
      encoded.count
    )
    guard status == ARGON2_OK.rawValue else { throw .failed("argon2: \(status)") }
    return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Whether `password` is the one that `hash` was made of; takes about 50 ms, as `make`.
  ///
  /// A hash of other parameters, or no hash at all, matches nothing.
  package static func verify(_ password: String, against hash: String) async -> Bool {
    // Other costs would let a forged row choose how long this takes.
    let prefix = "$argon2id$v=19$m=\(memoryKiB),t=\(passes),p=\(lanes)$"
    guard password.utf8.count <= maximumLength, hash.hasPrefix(prefix), hash.utf8.count <= 128
    else { return false }
    return await aside {
      let secret = password.utf8.map { CChar(bitPattern: $0) }
      return unsafe argon2id_verify(hash, secret, secret.count) == ARGON2_OK.rawValue
    }
  }
}
