import API
import Crypto
import Foundation
import Protobuf

/// A key in a file, in the place of a token, and its certificate.
struct SigningKey: Sendable {
  let certificate: Certificate
  private let key: PrivateKey

  /// Reads both, which must belong together: else every document would be refused one by one.
  init(certificateFile: String, keyFile: String) throws {
    let certificateText = try text(of: certificateFile)
    let keyText = try text(of: keyFile)
    guard let certificate = try? Certificate(pem: certificateText) else {
      throw Failure(
        words(
          "\(certificateFile) không phải là một chứng thư số, dạng PEM.",
          "\(certificateFile) is no certificate in PEM."
        )
      )
    }
    guard let key = try? PrivateKey(pem: keyText), let publicKey = try? key.publicKey() else {
      throw Failure(
        words(
          "\(keyFile) không phải là một khoá riêng không mã hoá, dạng PEM.",
          "\(keyFile) is no private key in PEM, not encrypted."
        )
      )
    }
    guard publicKey.der == certificate.publicKey.der else {
      throw Failure(
        words(
          "Khoá \(keyFile) không phải của chứng thư số \(certificateFile).",
          "The key \(keyFile) is not that of the certificate \(certificateFile)."
        )
      )
    }
    self.certificate = certificate
    self.key = key
  }

  /// Proof of having the key, for registering the certificate to a holder.
  func proof(for holder: String) throws -> [UInt8] {
    let digest = Hex.encode(certificate.fingerprint)
    return try key.sign(Array("hocba:register-certificate:\(holder):\(digest)".utf8))
  }

  /// Signs what was prepared, once it is clear that it is what it says.
  ///
  /// The signature covers *signed_info* alone, so the digest of the payload that the signer has
  /// seen must stand in it; else a server could have anything signed.
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
}
