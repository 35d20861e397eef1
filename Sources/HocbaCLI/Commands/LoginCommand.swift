import API
import ArgumentParser
import Foundation
import Protobuf

/// `hocba login`: signs in, and remembers it.
struct LoginCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login",
    abstract: words("Đăng nhập.", "Sign in."),
    discussion: words(
      """
      Không có --password-file thì hỏi mật khẩu và nhớ phiên cho đến khi hết hạn; có thì nhớ tên tệp \
      và tự đăng nhập lại.

      Ví dụ: hocba login --login 74725501-001
      """,
      """
      Without --password-file the password is asked for, and the session is kept until it ends; with it \
      the file's name is kept, to sign in anew by itself.

      Example: hocba login --login 74725501-001
      """
    )
  )

  @Option(help: ArgumentHelp(words("Tên đăng nhập.", "Login."), valueName: "login"))
  var login: String
  @Option(
    help: ArgumentHelp(
      words("Tệp có mật khẩu ở dòng đầu.", "File whose first line is the password."),
      valueName: "file"
    )
  )
  var passwordFile: String?
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    var profile = try connection.profile()
    let services = try ConnectionOptions.services(of: profile)
    let password =
      try passwordFile.map(SecretFile.password)
      ?? Console.secret(words("Mật khẩu: ", "Password: "))
    let account = Account(login, password: password, at: services.identity)
    let session = try await account.signIn()
    await services.close()
    profile.login = login
    profile.passwordFile = passwordFile.map {
      URL(filePath: $0).absoluteURL.path(percentEncoded: false)
    }
    profile.token = session.accessToken
    profile.tokenExpiry = session.expireTime.map { Int($0.seconds) }
    let path = Profile.currentPath
    try profile.write(to: path)
    let name = session.person?.displayName ?? login
    Console.out(
      words("Đã đăng nhập: \(name). Hồ sơ: \(path)", "Signed in: \(name). Profile: \(path)")
    )
  }
}

/// `hocba whoami`: who is signed in.
struct WhoamiCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami",
    abstract: words(
      "Cho biết ai đang đăng nhập, với nhiệm vụ gì.",
      "Say who is signed in, and as what."
    )
  )

  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let session = try await desk.session()
    let units = try await desk.allOrganizations()
    let person = session.person ?? .init()
    let roles = session.roles.map { role in
      let unit = units.first { $0.name == role.organization }
      return (kind: role.kind.label, unit: unit)
    }
    if json {
      let list = roles.map { role in
        JSON.object([
          .init("role", .string(role.kind)), .init("organization", .text(role.unit?.code ?? "")),
        ])
      }
      return Console.out(
        JSON.object([
          .init("login", .string(person.login)), .init("name", .string(person.displayName)),
          .init("staffCode", .text(person.staffCode)), .init("roles", .array(list)),
        ]).text
      )
    }
    Console.out("\(person.displayName) (\(person.login))")
    for role in roles {
      Console.out("  \(role.kind)  \(role.unit?.code ?? "")  \(role.unit?.displayName ?? "")")
    }
  }
}

extension IdentityV1.RoleKind {
  /// The kind without its prefix, such as `CLERK`.
  var label: String { name.map { String($0.dropFirst("ROLE_KIND_".count)) } ?? "\(rawValue)" }
}
