package import Crypto
import Foundation
import TestTools

/// A development authority in a folder that goes with it, made by `deploy/pki/dev-ca.sh`.
package final class TestPKI: Sendable {
  private static let script = Repository.root.appending(path: "deploy/pki/dev-ca.sh").path

  /// Where the files are.
  package let folder: String

  /// A fresh root.
  package init() throws {
    folder = NSTemporaryDirectory() + "hocba-pki-" + UUID().uuidString
    try run([Self.script, folder])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Certificates for lines of `kind TAB code TAB name TAB personal id TAB organisation`.
  package func issue(_ lines: String..., key: String = "p256") throws {
    try run(
      [Self.script, folder],
      input: lines.joined(separator: "\n"),
      environment: ["HOCBA_DEV_KEY": key]
    )
  }

  package func revoke(_ code: String) throws { try run([Self.script, folder, "revoke", code]) }

  /// A certificate with extensions of one's own, such as `keyUsage=critical,keyAgreement`.
  package func issue(
    special code: String,
    by issuer: String? = "ca",
    extensions: [String],
    key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    digest: String = "-sha256"
  ) throws {
    let authority = issuer.map { ["-CA", file("\($0).crt"), "-CAkey", file("\($0).key")] } ?? []
    try run(
      ["openssl", "req", "-x509", "-config", file("ca.cnf"), "-nodes", "-utf8", digest]
        + [
          "-subj", "/C=VN/CN=\(code)", "-keyout", file("\(code).key"), "-out", file("\(code).crt"),
        ]
        + ["-newkey"] + key + authority + extensions.flatMap { ["-addext", $0] }
    )
  }

  package func file(_ name: String) -> String { "\(folder)/\(name)" }

  package func text(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }

  package func certificate(_ code: String) throws -> Certificate {
    try Certificate(pem: text("\(code).crt"))
  }

  package func key(_ code: String) throws -> PrivateKey { try PrivateKey(pem: text("\(code).key")) }

  /// A store that trusts this root and knows its list of revoked certificates.
  package func trust(intermediates: String = "") throws -> TrustStore {
    try TrustStore(roots: text("ca.crt"), intermediates: intermediates, crls: text("ca.crl"))
  }

  private func run(
    _ command: [String],
    input: String = "",
    environment: [String: String] = [:]
  ) throws {
    let (status, output) = try Shell.run(
      command,
      input: Array(input.utf8),
      environment: environment
    )
    guard status == 0 else { throw TestFailure(output) }
  }
}
