import API
import ArgumentParser

/// `hocba certificate`: certificates that are signed with.
struct CertificateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certificate",
    abstract: words("Chứng thư số.", "Signing certificates."),
    subcommands: [RegisterCertificateCommand.self]
  )
}

/// A key and its certificate, in files.
struct KeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(words("Chứng thư số, PEM.", "Certificate, PEM."), valueName: "file")
  )
  var certificate: String
  @Option(
    help: ArgumentHelp(
      words(
        "Khoá riêng, PEM; không rời máy này.",
        "Private key, PEM; it does not leave this machine."
      ),
      valueName: "file"
    )
  )
  var key: String

  func signingKey() throws -> SigningKey {
    try SigningKey(certificateFile: certificate, keyFile: key)
  }
}

/// `hocba certificate register`: registers a certificate with proof of the key.
struct RegisterCertificateCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: words("Đăng kí chứng thư số để kí.", "Register a certificate for signing."),
    discussion: words(
      """
      Tên trong chứng thư số phải là tên của người đang đăng nhập; với --seal, tên của trường.

      Ví dụ:
        hocba certificate register --certificate toi.crt --key toi.key
        hocba certificate register --certificate dau.crt --key dau.key --seal 74725501
      """,
      """
      The name in the certificate must be that of who is signed in; with --seal, the school's.

      Examples:
        hocba certificate register --certificate me.crt --key me.key
        hocba certificate register --certificate seal.crt --key seal.key --seal 74725501
      """
    )
  )

  @OptionGroup var files: KeyOptions
  @Option(
    help: ArgumentHelp(
      words("Là con dấu của trường này.", "It is the seal of this school."),
      valueName: "school"
    )
  )
  var seal: String?
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let holder: String
    if let seal {
      holder = try await desk.organization(code: seal).name
    } else {
      holder = try await desk.session().person?.name ?? ""
    }
    let name = try await desk.register(files.signingKey(), to: holder)
    Console.out(words("Đã đăng kí: ", "Registered: ") + name)
  }
}
