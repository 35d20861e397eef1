import ServiceKit

/// Settings of the signing service.
enum SigningSettings {
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

  static let all: [any AnySetting] = [recordsAddress, intentLifetime] + TrustSettings.all
}
