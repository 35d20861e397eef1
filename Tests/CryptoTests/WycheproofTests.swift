import Crypto
import Foundation
import TestTools
import Testing

/// The verification vectors of project Wycheproof, in `HOCBA_VECTORS` or beside the package.
@Suite("Wycheproof")
struct WycheproofTests {
  private struct File: Decodable {
    let testGroups: [Group]
  }
  private struct Group: Decodable {
    let publicKeyDer: String
    let tests: [Vector]
  }
  private struct Vector: Decodable {
    let tcId: Int
    let msg, sig, result: String
  }

  static let folder =
    (ProcessInfo.processInfo.environment["HOCBA_VECTORS"]
      ?? Repository.root.appending(path: "../shared/vectors").path)
    + "/wycheproof/"

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: folder), "no vectors here"),
    arguments: [
      ("ecdsa_secp256r1_sha256_p1363", SignatureAlgorithm.ecdsaP256, false),
      ("ecdsa_secp256r1_sha256", .ecdsaP256, true), ("ecdsa_secp384r1_sha384", .ecdsaP384, true),
      ("rsa_signature_2048_sha256", .rsaPKCS1, false),
      ("rsa_signature_3072_sha256", .rsaPKCS1, false),
      ("rsa_signature_4096_sha256", .rsaPKCS1, false),
      ("rsa_pss_2048_sha256_mgf1_32", .rsaPSS, false),
    ]
  )
  func `gives every vector its verdict`(
    name: String,
    algorithm: SignatureAlgorithm,
    isDER: Bool
  ) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.folder + name + "_test.json"))
    let file = try JSONDecoder().decode(File.self, from: data)
    var count = 0
    for group in file.testGroups {
      let key = try PublicKey(der: #require(Hex.decode(group.publicKeyDer)))
      for vector in group.tests {
        let message = try #require(Hex.decode(vector.msg))
        let signature = try #require(Hex.decode(vector.sig))
        let value = isDER ? ECDSAValue.raw(signature, for: algorithm) : signature
        let isValid = value.map { key.verify($0, of: message, by: algorithm) } ?? false
        // "acceptable" is PKCS#1 without the NULL: valid for some, not for us.
        #expect(isValid == (vector.result == "valid"), "\(name) \(vector.tcId)")
        count += 1
      }
    }
    #expect(count > 100)
  }
}
