import Crypto
import TestPKI
import TestTools
import Testing

@Suite("Keys")
struct KeyTests {
  private static let message = Array("Kết quả học tập".utf8)

  @Test(arguments: [
    (["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], [SignatureAlgorithm.ecdsaP256], 64),
    (["EC", "-pkeyopt", "ec_paramgen_curve:P-384"], [.ecdsaP384], 96),
    (["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], [.rsaPKCS1, .rsaPSS], 256),
  ])
  func `signs what its public half accepts, by its own algorithms only`(
    kind: [String],
    algorithms: [SignatureAlgorithm],
    length: Int
  ) throws {
    let (_, pem) = try Shell.run(["openssl", "genpkey", "-algorithm"] + kind)
    let key = try PrivateKey(pem: pem)
    let publicKey = try key.publicKey()
    for algorithm in SignatureAlgorithm.allCases {
      guard algorithms.contains(algorithm) else {
        #expect(throws: CryptoError.self) { try key.sign(Self.message, by: algorithm) }
        continue
      }
      let value = try key.sign(Self.message, by: algorithm)
      #expect(value.count == length)
      #expect(publicKey.verify(value, of: Self.message, by: algorithm))
      #expect(!publicKey.verify(value, of: Self.message + [0], by: algorithm))
      var changed = value
      changed[length - 1] ^= 1
      #expect(!publicKey.verify(changed, of: Self.message, by: algorithm))
      for other in SignatureAlgorithm.allCases where other != algorithm {
        #expect(!publicKey.verify(value, of: Self.message, by: other))
      }
    }
  }

  @Test func `survives being stored as PKCS 8 and published as a JWK`() throws {
    let key = try PrivateKey.generateP256()
    let again = try PrivateKey(der: key.pkcs8())
    let pem = try PrivateKey(pem: PEM.encode(key.pkcs8(), as: "PRIVATE KEY"))
    let coordinates = try #require(try key.publicKey().coordinates)
    let published = try PublicKey(x: coordinates.x, y: coordinates.y)
    #expect(try published.verify(again.sign(Self.message), of: Self.message, by: .ecdsaP256))
    #expect(try published.verify(pem.sign(Self.message), of: Self.message, by: .ecdsaP256))
  }

  @Test func `refuses a point beside the curve`() throws {
    let coordinates = try #require(try PrivateKey.generateP256().publicKey().coordinates)
    var y = coordinates.y
    y[31] ^= 1
    #expect(throws: CryptoError.self) { try PublicKey(x: coordinates.x, y: y) }
    #expect(throws: CryptoError.self) { try PublicKey(x: coordinates.x + [0], y: coordinates.y) }
  }

  @Test(arguments: [
    ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"], ["EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    ["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], ["ED25519"],
    ["EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
  ])
  func `refuses weak keys, other curves and curves spelled out`(kind: [String]) throws {
    let (status, pem) = try Shell.run(["openssl", "genpkey", "-algorithm"] + kind)
    #expect(status == 0)
    #expect { try PrivateKey(pem: pem) } throws: {
      if case CryptoError.unsupported = $0 { true } else { false }
    }
  }

  @Test func `refuses an encrypted key without asking for its passphrase`() throws {
    let (_, pem) = try Shell.run([
      "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256",
      "-pass", "pass:x",
    ])
    #expect(pem.contains("ENCRYPTED"))
    #expect(throws: CryptoError.self) { try PrivateKey(pem: pem) }
  }

  @Test func `refuses damaged keys`() throws {
    let der = try PrivateKey.generateP256().pkcs8()
    #expect(throws: CryptoError.self) { try PrivateKey(der: der.dropLast()) }
    #expect(throws: CryptoError.self) { try PrivateKey(der: der + [0]) }
    #expect(throws: CryptoError.self) { try PrivateKey(der: []) }
    #expect(throws: CryptoError.self) { try PrivateKey(pem: "") }
  }
}
