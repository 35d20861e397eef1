package import Crypto
import Foundation

/// Settings of the services that judge signers' certificates.
package enum TrustSettings {
  private static let authorities = Setting<String>(
    "HOCBA_TRUST_FILE",
    default: nil,
    "PEM file of the certificate authorities that signers' certificates must come from"
  )
  private static let revocations = Setting<String>(
    "HOCBA_TRUST_CRL_FILE",
    default: "",
    "PEM file of their lists of revoked certificates; empty: none"
  )

  /// All of them.
  package static let all: [any AnySetting] = [authorities, revocations]

  /// The trust store that the settings name.
  package static func trustStore(_ settings: Settings) throws -> TrustStore {
    func text(_ path: String) throws -> String {
      path.isEmpty ? "" : try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }
    return try TrustStore(roots: text(settings[authorities]), crls: text(settings[revocations]))
  }
}
