import Crypto
import Testing

@Suite("Base64 and hexadecimal")
struct EncodingTests {
  @Test func `comes back as it went in, at every length`() throws {
    for length in 0..<70 {
      let bytes = try Random.bytes(length)
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes)
      #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `writes the examples of RFC 4648`(text: String, base64: String) {
    #expect(Base64.encode(Array(text.utf8)) == base64)
    #expect(Base64.encodeURL(Array(text.utf8)) == base64.filter { $0 != "=" })
  }

  @Test(arguments: [
    "Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", " Zg==", "Zg===", "=Zg=", "Zm-v", "Z", "Z===", "Zm9v=",
    "Zm 9v", "Zg==Zg==",
  ])
  func `refuses any second way to write a value`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(arguments: ["Zg==", "Zh", "Zm+v", "Zm9v\n", "A"])
  func `refuses the same in base64url`(text: String) {
    #expect(Base64.decodeURL(text) == nil)
  }

  @Test(arguments: ["0", "0g", " 00", "0x00", "é"])
  func `refuses what is not hexadecimal`(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  @Test func `knows the digest of abc`() {
    #expect(
      Hex.encode(SHA256.digest(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
  }

  @Test func `compares secrets of any length`() {
    #expect(ConstantTime.equal([1, 2], [1, 2]))
    #expect(ConstantTime.equal([], []))
    #expect(!ConstantTime.equal([1, 2], [1, 3]))
    #expect(!ConstantTime.equal([1, 2], [1, 2, 3]))
  }
}
