package import GRPC
package import Logging
import NIOPosix

/// Settings of how the connections of a service are secured.
package enum SecuritySettings {
  private static let certificate = Setting<String>(
    "HOCBA_TLS_CERTIFICATE",
    default: "",
    "PEM file of the service's certificate, then those between it and a root; read again when it changes"
  )
  private static let key = Setting<String>(
    "HOCBA_TLS_KEY",
    default: "",
    "PEM file of its key, not encrypted; read again when it changes"
  )
  private static let clientAuthorities = Setting<String>(
    "HOCBA_TLS_CLIENT_CA",
    default: "",
    "PEM file of the authorities of clients' certificates; empty: clients are asked for none"
  )
  private static let clientAuthentication = Setting<ClientAuthentication>(
    "HOCBA_TLS_CLIENT_AUTH",
    default: .required,
    "with HOCBA_TLS_CLIENT_CA: required, or requested to let in clients without a certificate"
  )
  private static let plaintext = Setting<Bool>(
    "HOCBA_PLAINTEXT",
    default: false,
    "true: no TLS; on loopback, or where a proxy before the service ends TLS"
  )

  private enum ClientAuthentication: String, SettingValue {
    case required
    case requested

    init?(settingText: String) { self.init(rawValue: settingText) }
    var settingText: String { rawValue }
  }

  /// All of them.
  package static let all: [any AnySetting] = [
    certificate, key, clientAuthorities, clientAuthentication, plaintext,
  ]

  /// How the service listens.
  ///
  /// - Throws: What is missing or contradicts itself, and what to do.
  package static func server(_ settings: Settings) throws(SettingsError) -> ServerSecurity {
    let authorities = settings[clientAuthorities]
    guard let identity = try identity(settings) else {
      guard authorities.isEmpty else {
        throw SettingsError(problems: [
          "\(clientAuthorities.name): there is no TLS without \(certificate.name)"
        ])
      }
      return .plaintext
    }
    var tls = ServerTLS(identity: identity)
    if !authorities.isEmpty {
      let roots = PEM.file(authorities)
      tls.clientCertificates =
        switch settings[clientAuthentication] {
        case .required: .required(roots: roots)
        case .requested: .requested(roots: roots)
        }
    }
    return .tls(tls)
  }

  /// What the service shows of itself, to its clients and as a client; `nil`: it is to be without.
  fileprivate static func identity(
    _ settings: Settings
  ) throws(SettingsError) -> TLSIdentity? {
    let chain = settings[certificate]
    let secret = settings[key]
    switch (chain.isEmpty, secret.isEmpty, settings[plaintext]) {
    case (false, false, false):
      return TLSIdentity(certificateChain: .file(chain), privateKey: .file(secret))
    case (true, true, true):
      return nil
    case (true, true, false):
      throw SettingsError(problems: [
        "\(certificate.name), \(key.name): required, or \(plaintext.name)=true where connections "
          + "without TLS are meant"
      ])
    case (_, _, true):
      throw SettingsError(problems: [
        "\(plaintext.name): true, beside a certificate: leave out one of them"
      ])
    case (false, true, false), (true, false, false):
      throw SettingsError(problems: [
        "\(certificate.name), \(key.name): one is of no use without the other"
      ])
    }
  }
}

/// Another service that this one calls.
package struct PeerSettings: Sendable {
  private let address: Setting<PeerAddress>
  private let authorities: Setting<String>
  private let plaintext: Setting<Bool>

  /// Settings of a service by its name, as in `HOCBA_RECORDS_ADDRESS`.
  package init(_ service: String) {
    let prefix = "HOCBA_\(service.uppercased())"
    address = Setting("\(prefix)_ADDRESS", default: nil, "where \(service) listens, host:port")
    authorities = Setting(
      "\(prefix)_CA",
      default: "",
      "PEM file of the authorities of its certificate; empty: those of the system"
    )
    plaintext = Setting(
      "\(prefix)_PLAINTEXT",
      default: false,
      "true: it is called without TLS; on loopback alone"
    )
  }

  /// All of them.
  package var all: [any AnySetting] { [address, authorities, plaintext] }

  /// A client of it.
  ///
  /// - Throws: What contradicts itself in the settings, and what to do.
  package func client(_ settings: Settings, logger: Logger) throws(SettingsError) -> GRPCClient {
    var configuration = ClientConfiguration()
    configuration.logger = logger
    return GRPCClient(
      host: settings[address].host,
      port: settings[address].port,
      security: try security(settings),
      configuration: configuration,
      group: MultiThreadedEventLoopGroup.singleton
    )
  }

  /// How it is called; over TLS, this service shows its own certificate if it is asked for one.
  func security(_ settings: Settings) throws(SettingsError) -> ClientSecurity {
    let roots = settings[authorities]
    if settings[plaintext] {
      guard roots.isEmpty else {
        throw SettingsError(problems: ["\(plaintext.name): true, beside \(authorities.name)"])
      }
      return .plaintext
    }
    return .tls(
      ClientTLS(
        trustRoots: roots.isEmpty ? .system : .pem(.file(roots)),
        identity: try SecuritySettings.identity(settings)
      )
    )
  }
}

extension Bool: SettingValue {
  package init?(settingText: String) { self.init(settingText) }
  package var settingText: String { description }
}
