import ServiceKit

/// Settings of the signing service.
enum SigningSettings {
  /// What is signed comes from there.
  static let records = PeerSettings("records")
  static let intentLifetime = Setting<Duration>(
    "HOCBA_INTENT_LIFETIME",
    default: .seconds(900),
    "how long something prepared waits for its signature, 1m to 24h"
  ) { $0 >= .seconds(60) && $0 <= .seconds(86_400) }

  static let all: [any AnySetting] =
    records.all + [intentLifetime] + TrustSettings.all
}
