import API
import Crypto
import Foundation
import Protobuf

/// A key in a file, in the place of a token, and its certificate.
struct SigningKey: Sendable {
  let certificate: Certificate
  private let key: PrivateKey

  init(certificateFile: String, keyFile: String) throws {
    do {
      certificate = try Certificate(pem: Self.text(certificateFile))
      key = try PrivateKey(pem: Self.text(keyFile))
    } catch let error as CryptoError {
      throw Failure(
        words(
          "Không dùng được \(certificateFile) với \(keyFile): \(error)",
          "Cannot use \(certificateFile) with \(keyFile): \(error)"
        )
      )
    }
  }

  /// Proof of having the key, for registering the certificate to a holder.
  func proof(for holder: String) throws -> [UInt8] {
    let digest = Hex.encode(certificate.fingerprint)
    return try key.sign(Array("hocba:register-certificate:\(holder):\(digest)".utf8))
  }

  /// Signs what was prepared, once it is clear that it is what it says.
  ///
  /// The signature covers *signed_info* alone, so the digest of the payload that the signer has seen
  /// must stand in it; else a server could have anything signed.
  func sign(_ intent: SigningV1.SignatureIntent) throws -> [UInt8] {
    let payloadDigest = Base64.encode(SHA256.digest(intent.payload))
    let signedInfo = String(decoding: intent.signedInfo, as: UTF8.self)
    guard signedInfo.contains(">\(payloadDigest)</ds:DigestValue>") else {
      throw Failure(
        words(
          "Dịch vụ đưa ra để kí một nội dung khác với văn bản \(intent.source): không kí.",
          "The service asks to sign something other than \(intent.source): not signed."
        )
      )
    }
    return try key.sign(intent.signedInfo, by: certificate.publicKey.kind.algorithm)
  }

  private static func text(_ path: String) throws -> String {
    do {
      return try String(contentsOf: URL(filePath: path), encoding: .utf8)
    } catch {
      throw Failure(words("Không đọc được \(path).", "Cannot read \(path)."))
    }
  }
}
