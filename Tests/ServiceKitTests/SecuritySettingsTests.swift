import GRPC
import Testing

@testable import ServiceKit

@Suite struct SecuritySettingsTests {
  private static let pair = ["HOCBA_TLS_CERTIFICATE": "/c.crt", "HOCBA_TLS_KEY": "/c.key"]
  private static let records = PeerSettings("records")

  private func settings(_ environment: [String: String]) throws -> Settings {
    try Settings(
      environment.merging(["HOCBA_RECORDS_ADDRESS": "records:7412"]) { $1 },
      declared: SecuritySettings.all + Self.records.all
    )
  }

  private func server(_ environment: [String: String]) throws -> ServerSecurity {
    try SecuritySettings.server(settings(environment))
  }

  private func peer(_ environment: [String: String]) throws -> ClientSecurity {
    try Self.records.security(settings(environment))
  }

  @Test func `without a certificate a service does not start, and says what there is to do`() {
    let error = #expect(throws: SettingsError.self) { try server([:]) }
    let text = error?.description ?? ""
    for part in ["HOCBA_TLS_CERTIFICATE", "HOCBA_TLS_KEY", "HOCBA_PLAINTEXT=true"] {
      #expect(text.contains(part))
    }
  }

  @Test(
    arguments: [
      ["HOCBA_TLS_CERTIFICATE": "/c.crt"], ["HOCBA_TLS_KEY": "/c.key"],
      ["HOCBA_PLAINTEXT": "true", "HOCBA_TLS_KEY": "/c.key"],
      ["HOCBA_PLAINTEXT": "true", "HOCBA_TLS_CLIENT_CA": "/ca.crt"],
      ["HOCBA_PLAINTEXT": "yes"],
      ["HOCBA_TLS_CLIENT_AUTH": "none"],
    ]
  )
  func `what contradicts itself is refused`(_ environment: [String: String]) {
    #expect(throws: SettingsError.self) { try server(environment) }
  }

  @Test func `plaintext is what somebody has asked for`() throws {
    guard case .plaintext = try server(["HOCBA_PLAINTEXT": "true"]) else {
      Issue.record("not plaintext")
      return
    }
  }

  @Test
  func `clients must show certificates where their authority is given, unless said otherwise`()
    throws
  {
    guard case .tls(let none) = try server(Self.pair), case .none = none.clientCertificates else {
      Issue.record("clients are asked")
      return
    }
    let roots = Self.pair.merging(["HOCBA_TLS_CLIENT_CA": "/ca.crt"]) { $1 }
    guard case .tls(let all) = try server(roots),
      case .required(.file("/ca.crt")) = all.clientCertificates
    else {
      Issue.record("not required")
      return
    }
    let lenient = roots.merging(["HOCBA_TLS_CLIENT_AUTH": "requested"]) { $1 }
    guard case .tls(let some) = try server(lenient),
      case .requested(.file("/ca.crt")) = some.clientCertificates
    else {
      Issue.record("not requested")
      return
    }
  }

  @Test func `another service is called over TLS, with one's own certificate`() throws {
    guard case .tls(let tls) = try peer(Self.pair), case .system = tls.trustRoots else {
      Issue.record("not the system's roots")
      return
    }
    #expect(
      tls.identity
        == TLSIdentity(certificateChain: .file("/c.crt"), privateKey: .file("/c.key"))
    )
    let own = Self.pair.merging(["HOCBA_RECORDS_CA": "/ca.crt"]) { $1 }
    guard case .tls(let other) = try peer(own), case .pem(.file("/ca.crt")) = other.trustRoots
    else {
      Issue.record("not its own roots")
      return
    }
    guard
      case .plaintext = try peer(Self.pair.merging(["HOCBA_RECORDS_PLAINTEXT": "true"]) { $1 })
    else {
      Issue.record("not plaintext")
      return
    }
    #expect(throws: SettingsError.self) {
      try peer(own.merging(["HOCBA_RECORDS_PLAINTEXT": "true"]) { $1 })
    }
  }
}
