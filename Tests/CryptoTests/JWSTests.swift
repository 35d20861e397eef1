import Crypto
import Testing

@Suite("Tokens")
struct JWSTests {
  private let key: PrivateKey
  private let keys: [String: PublicKey]
  private let payload = Array(#"{"sub":"people/1"}"#.utf8)

  init() throws {
    key = try PrivateKey.generateP256()
    keys = ["k1": try key.publicKey(), "k2": try PrivateKey.generateP256().publicKey()]
  }

  @Test func `gives back what was signed`() throws {
    let token = try JWS.sign(payload: payload, key: key, keyID: "k1")
    #expect(JWS.verify(token, keys: keys) == payload)
  }

  @Test func `names the algorithm in the usual header`() throws {
    let token = try JWS.sign(payload: payload, key: key, keyID: "k1")
    let header = try #require(Base64.decodeURL(String(token.prefix { $0 != "." })))
    #expect(header == Array(#"{"alg":"ES256","kid":"k1","typ":"JWT"}"#.utf8))
  }

  @Test func `refuses a token of another or an unknown key`() throws {
    #expect(JWS.verify(try JWS.sign(payload: payload, key: key, keyID: "k2"), keys: keys) == nil)
    #expect(JWS.verify(try JWS.sign(payload: payload, key: key, keyID: "k3"), keys: keys) == nil)
    #expect(JWS.verify(try JWS.sign(payload: payload, key: key, keyID: "k1"), keys: [:]) == nil)
  }

  @Test func `refuses any one character changed, added or left out`() throws {
    let token = Array(try JWS.sign(payload: payload, key: key, keyID: "k1").utf8)
    for index in token.indices {
      var changed = token
      changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      #expect(JWS.verify(String(decoding: changed, as: UTF8.self), keys: keys) == nil)
      changed.remove(at: index)
      #expect(JWS.verify(String(decoding: changed, as: UTF8.self), keys: keys) == nil)
      changed.insert(UInt8(ascii: "."), at: index)
      if changed != token {
        #expect(JWS.verify(String(decoding: changed, as: UTF8.self), keys: keys) == nil)
      }
    }
  }

  @Test(arguments: [
    #"{"alg":"none","kid":"k1","typ":"JWT"}"#, #"{"alg":"HS256","kid":"k1","typ":"JWT"}"#,
    #"{"kid":"k1","alg":"ES256","typ":"JWT"}"#,
    #"{"alg":"ES256","kid":"k1","typ":"JWT","crit":["x"]}"#,
  ])
  func `refuses any other header, even well signed`(header: String) throws {
    let input = "\(Base64.encodeURL(Array(header.utf8))).\(Base64.encodeURL(payload))"
    let signature = try Base64.encodeURL(key.sign(Array(input.utf8)))
    #expect(JWS.verify("\(input).\(signature)", keys: keys) == nil)
    #expect(JWS.verify("\(input).", keys: keys) == nil)
  }

  @Test func `refuses key ids that would need quoting, and what is too large`() throws {
    #expect(throws: CryptoError.self) {
      try JWS.sign(payload: payload, key: key, keyID: #"k","x":""#)
    }
    let large = [UInt8](repeating: 0, count: JWS.maximumSize)
    #expect(throws: CryptoError.tooLarge(limit: JWS.maximumSize)) {
      try JWS.sign(payload: large, key: key, keyID: "k1")
    }
  }
}
