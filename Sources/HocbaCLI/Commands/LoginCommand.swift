import API
import ArgumentParser
import Foundation
import GRPC
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

/// `hocba password`: replaces one's own password.
struct PasswordCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "password",
    abstract: words("Đổi mật khẩu của mình.", "Change one's own password."),
    discussion: words(
      """
      Mật khẩu mới có từ 12 đến 128 kí tự. Hỏi mật khẩu hiện tại và mật khẩu mới, trừ khi chúng nằm \
      trong tệp: tệp của hồ sơ (hocba login --password-file) và tệp --new-password-file.

      Ví dụ: hocba password
      """,
      """
      A new password has 12 to 128 characters. The present and the new one are asked for, unless they \
      lie in files: that of the profile (hocba login --password-file) and that of --new-password-file.

      Example: hocba password
      """
    )
  )

  @Option(
    help: ArgumentHelp(
      words("Tệp có mật khẩu mới ở dòng đầu.", "File whose first line is the new password."),
      valueName: "file"
    )
  )
  var newPasswordFile: String?
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    var profile = try connection.profile()
    let present =
      try profile.passwordFile.map(SecretFile.password)
      ?? Console.secret(words("Mật khẩu hiện tại: ", "Present password: "))
    let fresh = try newPasswordFile.map(SecretFile.password) ?? Self.askTwice()
    let request = IdentityV1.SetPasswordRequest(
      name: try await desk.session().person?.name ?? "",
      currentPassword: present,
      newPassword: fresh,
      requestID: Desk.requestID()
    )
    do {
      _ = try await desk.call { try await desk.people.setPassword(request, options: $0) }
    } catch let error as RPCError where error.code == .permissionDenied {
      // Of one's own account there is no other reason.
      throw Failure(words("Mật khẩu hiện tại không đúng.", "The present password is wrong."))
    }
    if let newPasswordFile, profile.passwordFile != nil {
      profile.passwordFile = URL(filePath: newPasswordFile).absoluteURL.path(percentEncoded: false)
      try profile.write(to: Profile.currentPath)
    } else if let file = profile.passwordFile {
      try SecretFile.write(Array((fresh + "\n").utf8), to: file)
    }
    Console.out(words("Đã đổi mật khẩu.", "The password is changed."))
  }

  private static func askTwice() throws -> String {
    let first = try Console.secret(words("Mật khẩu mới: ", "New password: "))
    let second = try Console.secret(words("Nhập lại mật khẩu mới: ", "The new password again: "))
    guard first == second else {
      throw Failure(words("Hai lần nhập không giống nhau.", "The two are not the same."))
    }
    return first
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
