import ServiceKit

/// Settings of the identity service.
enum IdentitySettings {
  static let adminPasswordFile = Setting<String>(
    "HOCBA_ADMIN_PASSWORD_FILE",
    default: "",
    "file with the first password of `admin`, which is made when there is nobody yet; empty: none"
  )
  static let tokenLifetime = Setting<Duration>(
    "HOCBA_TOKEN_LIFETIME",
    default: .seconds(900),
    "how long an access token lives, 1m to 1h"
  ) { $0 >= .seconds(60) && $0 <= .seconds(3_600) }
  static let keyLifetime = Setting<Duration>(
    "HOCBA_KEY_LIFETIME",
    default: .seconds(86_400),
    "how long a key signs access tokens before the next one does, 1h to 720h"
  ) { $0 >= .seconds(3_600) && $0 <= .seconds(2_592_000) }

  static let all: [any AnySetting] =
    [adminPasswordFile, tokenLifetime, keyLifetime] + TrustSettings.all
}
