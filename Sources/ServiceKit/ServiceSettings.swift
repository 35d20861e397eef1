package import Logging

/// Settings that every service has.
package enum ServiceSettings {
  /// Where the service listens.
  package static let host = Setting<String>(
    "HOCBA_HOST",
    default: "127.0.0.1",
    "address to listen on"
  )
  /// The port; 0 takes a free one.
  package static let port = Setting<Int>(
    "HOCBA_PORT",
    default: 0,
    "port to listen on, 0 to 65535; 0 takes a free one"
  ) { (0...65_535).contains($0) }
  /// The database, under the service's own login role.
  package static let databaseURL = Setting<String>(
    "HOCBA_DATABASE_URL",
    default: nil,
    "libpq connection string of the service's own login role"
  )
  /// How long a stopping service waits for calls in progress.
  package static let drainTime = Setting<Duration>(
    "HOCBA_DRAIN_TIME",
    default: .seconds(20),
    "how long calls in progress may take after SIGTERM, at most 10m"
  ) { $0 <= .seconds(600) }
  /// How much is logged.
  package static let logLevel = Setting<Logger.Level>(
    "HOCBA_LOG_LEVEL",
    default: .info,
    "trace, debug, info, notice, warning, error or critical"
  )

  /// All of them.
  package static let all: [any AnySetting] =
    [host, port] + SecuritySettings.all + [databaseURL, drainTime, logLevel]
}

extension Logger.Level: SettingValue {
  package init?(settingText: String) { self.init(rawValue: settingText) }
  package var settingText: String { rawValue }
}

/// Where another service listens: `host:port`.
package struct PeerAddress: SettingValue, Equatable {
  /// Name or address of the host.
  package let host: String
  /// The port, 1 to 65535.
  package let port: Int

  package init?(settingText: String) {
    guard let colon = settingText.lastIndex(of: ":"),
      let port = Int(settingText[settingText.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    host = String(settingText[..<colon])
    self.port = port
    if host.isEmpty { return nil }
  }

  package var settingText: String { "\(host):\(port)" }
}
