import API
import ArgumentParser

/// `hocba staff`: accounts of schools' staff.
struct StaffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staff",
    abstract: words("Tài khoản của cán bộ, giáo viên.", "Accounts of staff."),
    subcommands: [ProvisionCommand.self]
  )
}

/// `hocba staff provision`: makes an account for each member of a school's staff.
struct ProvisionCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision",
    abstract: words(
      "Lập tài khoản cho cán bộ, giáo viên của một trường.",
      "Make accounts for a school's staff."
    ),
    discussion: words(
      """
      Tên đăng nhập là mã nhân sự; nhiệm vụ theo chức vụ trong hồ sơ trường. Mật khẩu đầu tiên nằm \
      trong thư mục --passwords, mỗi người một tệp <tên đăng nhập>.password. Tài khoản đã có thì giữ \
      nguyên. Người quản trị lập tài khoản nhưng không xem hồ sơ trường, nên lệnh này cần cả hai: \
      người đang đăng nhập đọc danh sách, --administrator lập tài khoản.

      Ví dụ: hocba staff provision 74725501 --passwords mat-khau/ --administrator admin \
      --administrator-password-file admin.password
      """,
      """
      The login is the staff code; the role follows from the position in the roster. First passwords are \
      written to the folder --passwords, a file <login>.password each. Accounts that exist stay as they \
      are. An administrator makes accounts and sees no rosters, so this takes both: who is signed in reads \
      the list, --administrator makes the accounts.

      Example: hocba staff provision 74725501 --passwords passwords/ --administrator admin \
      --administrator-password-file admin.password
      """
    )
  )

  @Argument(help: ArgumentHelp(words("Mã trường.", "Code of the school."), valueName: "school"))
  var school: String
  @Option(
    help: ArgumentHelp(
      words("Thư mục ghi mật khẩu đầu tiên.", "Folder for the first passwords."),
      valueName: "folder"
    )
  )
  var passwords: String
  @Option(
    help: ArgumentHelp(
      words(
        "Người lập tài khoản; không nói gì thì là người đang đăng nhập.",
        "Who makes the accounts; by default who is signed in."
      ),
      valueName: "login"
    )
  )
  var administrator: String?
  @Option(
    help: ArgumentHelp(
      words("Tệp mật khẩu của người đó.", "File with that person's password."),
      valueName: "file"
    )
  )
  var administratorPasswordFile: String?
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run(at desk: Desk) async throws {
    let password = try administratorPasswordFile.map(SecretFile.password)
    var maker = desk
    if let administrator {
      let secret = try password ?? Console.secret(words("Mật khẩu: ", "Password: "))
      maker = desk.with(administrator, password: secret)
    }
    let accounts = StaffAccounts(reader: desk, administrator: maker, passwords: passwords)
    let made = try await accounts.provision(School(try await desk.organization(code: school)))
    if json {
      let list = made.map { account in
        JSON.object([
          .init("login", .string(account.login)),
          .init("name", .string(account.member.displayName)),
          .init("role", .string(account.role.label)), .init("new", .bool(account.outcome == .made)),
        ])
      }
      return Console.out(JSON.array(list).text)
    }
    var table = Table([
      words("Tên đăng nhập", "Login"), words("Họ và tên", "Name"), words("Nhiệm vụ", "Role"), "",
    ])
    for account in made {
      table.add([
        account.login, account.member.displayName, account.role.label,
        account.outcome.text,
      ])
    }
    Console.out(table.text)
  }
}
