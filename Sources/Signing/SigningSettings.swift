import Crypto
import Foundation
import ServiceKit

/// Settings of the signing service.
enum SigningSettings {
  static let trustFile = Setting<String>(
    "HOCBA_TRUST_FILE",
    default: nil,
    "PEM file of the certificate authorities that signers' certificates must come from"
  )
  static let trustCRLFile = Setting<String>(
    "HOCBA_TRUST_CRL_FILE",
    default: "",
    "PEM file of their lists of revoked certificates; empty: none"
  )
  static let recordsAddress = Setting<PeerAddress>(
    "HOCBA_RECORDS_ADDRESS",
    default: nil,
    "where the records service listens, host:port"
  )
  static let intentLifetime = Setting<Duration>(
    "HOCBA_INTENT_LIFETIME",
    default: .seconds(900),
    "how long something prepared waits for its signature, 1m to 24h"
  ) { $0 >= .seconds(60) && $0 <= .seconds(86_400) }

  static let all: [any AnySetting] = [trustFile, trustCRLFile, recordsAddress, intentLifetime]

  /// The trust store that the settings name.
  static func trustStore(_ settings: Settings) throws -> TrustStore {
    func text(_ path: String) throws -> String {
      path.isEmpty ? "" : try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }
    return try TrustStore(
      roots: text(settings[trustFile]),
      crls: text(settings[trustCRLFile])
    )
  }
}
