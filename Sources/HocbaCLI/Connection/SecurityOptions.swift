import ArgumentParser
import Foundation
import GRPC

/// How the services are reached; what a command does not say is as its profile says.
struct SecurityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        "Tệp PEM của tổ chức chứng thực mà máy chủ phải thuộc về; không nói gì thì theo hệ điều hành.",
        "Authorities that a service's certificate must come from, PEM; by default the system's."
      ),
      valueName: "file"
    )
  )
  var tlsCa: String?
  @Option(
    help: ArgumentHelp(
      words(
        "Chứng thư TLS của máy này (PEM), khi máy chủ đòi.",
        "This machine's own TLS certificate (PEM), where a service asks for one."
      ),
      valueName: "file"
    )
  )
  var tlsCertificate: String?
  @Option(
    help: ArgumentHelp(
      words("Khoá của chứng thư đó (PEM).", "The key of that certificate (PEM)."),
      valueName: "file"
    )
  )
  var tlsKey: String?
  @Flag(
    help: ArgumentHelp(
      words(
        "Không dùng TLS: chỉ trong chính máy này.",
        "Without TLS: only within this machine."
      )
    )
  )
  var plaintext = false

  func validate() throws {
    guard (tlsCertificate == nil) == (tlsKey == nil) else {
      throw ValidationError(
        words(
          "--tls-certificate và --tls-key phải đi cùng nhau.",
          "--tls-certificate and --tls-key go together."
        )
      )
    }
    guard !plaintext || (tlsCa ?? tlsCertificate) == nil else {
      throw ValidationError(
        words("--plaintext là không có TLS.", "--plaintext means without TLS.")
      )
    }
  }

  /// Puts what is said here into a profile.
  func apply(to profile: inout Profile) {
    func absolute(_ path: String) -> String {
      URL(filePath: path).absoluteURL.path(percentEncoded: false)
    }
    if plaintext { profile.plaintext = true }
    if let tlsCa {
      profile.authorityFile = absolute(tlsCa)
      profile.plaintext = nil
    }
    if let tlsCertificate, let tlsKey {
      profile.certificateFile = absolute(tlsCertificate)
      profile.keyFile = absolute(tlsKey)
      profile.plaintext = nil
    }
  }
}

extension Profile {
  /// How the services are reached.
  var security: ClientSecurity {
    if plaintext == true { return .plaintext }
    var identity: TLSIdentity?
    if let certificateFile, let keyFile {
      identity = TLSIdentity(certificateChain: .file(certificateFile), privateKey: .file(keyFile))
    }
    return .tls(
      ClientTLS(
        trustRoots: authorityFile.map { .pem(.file($0)) } ?? .system,
        identity: identity
      )
    )
  }
}
