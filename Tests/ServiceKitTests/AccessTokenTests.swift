import Crypto
import Foundation
import GRPC
import Testing

@testable import ServiceKit

@Suite struct AccessTokenTests {
  private let key: PrivateKey
  private let keys: [String: PublicKey]
  private let caller = Caller(
    id: "0188517e-0000-7000-8000-000000000001",
    displayName: "Nguyễn Thị Ánh",
    staffCode: "NS1",
    roles: [CallerRole(kind: .principal, organization: "s")],
    expiry: 1_000
  )

  init() throws {
    key = try PrivateKey.generateP256()
    keys = ["k1": try key.publicKey()]
  }

  private func reason(_ token: String, now: Int = 0) -> String? {
    do throws(Problem) {
      _ = try AccessToken.caller(of: token, keys: keys, now: now)
      return nil
    } catch {
      #expect(error.code == .unauthenticated)
      return error.reason
    }
  }

  @Test func `a token gives its caller until the second it ends`() throws {
    let token = try AccessToken.make(for: caller, key: key, keyID: "k1")
    #expect(try AccessToken.caller(of: token, keys: keys, now: 999) == caller)
    #expect(reason(token, now: 1_000) == "TOKEN_EXPIRED")
  }

  @Test func `another key, or the same under another name, is none of ours`() throws {
    let other = try PrivateKey.generateP256()
    #expect(reason(try AccessToken.make(for: caller, key: other, keyID: "k1")) == "TOKEN_INVALID")
    #expect(reason(try AccessToken.make(for: caller, key: key, keyID: "k2")) == "TOKEN_INVALID")
  }

  @Test func `no algorithm, another algorithm and changed claims are refused`() throws {
    let parts = try AccessToken.make(for: caller, key: key, keyID: "k1").split(separator: ".")
    for header in [#"{"alg":"none"}"#, #"{"alg":"HS256","kid":"k1","typ":"JWT"}"#] {
      let head = Base64.encodeURL(Array(header.utf8))
      #expect(reason("\(head).\(parts[1]).") == "TOKEN_INVALID")
      #expect(reason("\(head).\(parts[1]).\(parts[2])") == "TOKEN_INVALID")
    }
    let claims = try #require(Base64.decodeURL(String(parts[1])))
    let forged = String(decoding: claims, as: UTF8.self)
      .replacing("PRINCIPAL", with: "ADMINISTRATOR")
    let payload = Base64.encodeURL(Array(forged.utf8))
    #expect(reason("\(parts[0]).\(payload).\(parts[2])") == "TOKEN_INVALID")
  }

  @Test(arguments: ["", ".", "..", "a.b.c", "🙂", String(repeating: "a.", count: 9_000)])
  func `garbage is refused`(token: String) {
    #expect(reason(token) == "TOKEN_INVALID")
  }

  @Test func `what we signed but is no caller is refused`() throws {
    let token = try JWS.sign(payload: Array(#"{"sub":"x"}"#.utf8), key: key, keyID: "k1")
    #expect(reason(token) == "TOKEN_INVALID")
  }
}
