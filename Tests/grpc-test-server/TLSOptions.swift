import ArgumentParser
import GRPC

/// How connections are secured.
struct TLSOptions: ParsableArguments {
  @Option(
    name: .customLong("use_tls"),
    help: "Whether to speak TLS; by default if a certificate is given."
  )
  var useTLS: Bool?

  @Option(
    parsing: .upToNextOption,
    help: "Speak TLS: the file of the certificate with its chain, and that of its key, in PEM."
  )
  var tls: [String] = []

  @Option(
    name: [.customLong("tls-certificate"), .customLong("tls_certificate")],
    help: "The file of the certificate with its chain."
  )
  var certificate: String?

  @Option(
    name: [.customLong("tls-key"), .customLong("tls_key")],
    help: "The file of its key."
  )
  var key: String?

  @Option(
    name: [.customLong("tls-client-ca"), .customLong("tls_client_ca")],
    help: "Want clients to show certificates that lead to a root of this file."
  )
  var clientAuthority: String?

  func validate() throws {
    _ = try security()
  }

  /// What the flags say.
  func security() throws -> ServerSecurity {
    guard tls.isEmpty || tls.count == 2 && certificate == nil && key == nil else {
      throw ValidationError("--tls takes two files, and nothing is said twice")
    }
    let files = tls.isEmpty ? [certificate, key].compactMap(\.self) : tls
    guard useTLS ?? (!files.isEmpty || clientAuthority != nil) else { return .plaintext }
    guard files.count == 2 else {
      throw ValidationError("TLS needs --tls CERTIFICATE KEY")
    }
    var tls = ServerTLS(
      identity: TLSIdentity(certificateChain: .file(files[0]), privateKey: .file(files[1]))
    )
    if let clientAuthority { tls.clientCertificates = .required(roots: .file(clientAuthority)) }
    return .tls(tls)
  }
}
