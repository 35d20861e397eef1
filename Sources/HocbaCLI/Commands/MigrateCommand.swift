import ArgumentParser
import Foundation
import Logging
import Postgres
import Schema

/// `hocba migrate`: brings the database to what this version needs.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: words(
      "Chuẩn bị cơ sở dữ liệu cho phiên bản này.",
      "Prepare the database for this version."
    ),
    discussion: words(
      """
      Chạy lại không hại gì; cơ sở dữ liệu mới hơn chương trình thì bị từ chối.

      Ví dụ: hocba migrate --database 'host=db dbname=hocba user=postgres' --role-passfiles /run/hocba
      """,
      """
      Harmless when repeated; a database newer than the program is refused.

      Example: hocba migrate --database 'host=db dbname=hocba user=postgres' --role-passfiles /run/hocba
      """
    )
  )

  @Option(
    help: ArgumentHelp(
      words(
        "Kết nối của libpq, với quyền chủ sở hữu và quyền tạo vai trò.",
        "libpq connection string of the owner, who may create roles."
      ),
      valueName: "conninfo"
    )
  )
  var database: String
  @Option(
    help: ArgumentHelp(
      words(
        "Thư mục có <dịch vụ>.pgpass với mật khẩu của vai trò hocba_<dịch vụ>.",
        "Folder with <service>.pgpass, the password of the role hocba_<service>."
      ),
      valueName: "folder"
    )
  )
  var rolePassfiles: String?
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    let passwords = try rolePassfiles.map(Self.passwords) ?? []
    var logger = Logger(label: "hocba")
    logger.logLevel = .critical
    let database = Database(DatabaseConfiguration(database), logger: logger)
    let applied = try await SchemaMigrations.prepare(database)
    try await database.transaction { transaction in
      for (role, password) in passwords { try await transaction.setPassword(password, of: role) }
    }
    await database.shutdown()
    for name in applied { Console.out("+ \(name)") }
    if applied.isEmpty {
      Console.out(words("Cơ sở dữ liệu đã đúng phiên bản.", "The database is up to date."))
    }
    for (role, _) in passwords {
      Console.out(words("mật khẩu của \(role) đã đặt", "password of \(role) set"))
    }
  }

  /// Roles and passwords from the password files (PostgreSQL 15 documentation, section 34.16).
  static func passwords(in folder: String) throws -> [(role: String, password: String)] {
    try SchemaMigrations.schemas.map { service in
      let path = "\(folder)/\(service).pgpass"
      let role = "hocba_\(service)"
      let line = try SecretFile.password(path)
      let fields = line.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
      guard fields.count == 5, fields[3] == role, !fields[4].isEmpty else {
        throw Failure(
          words(
            "\(path) phải có dòng *:*:*:\(role):mật-khẩu.",
            "\(path) must have the line *:*:*:\(role):password."
          )
        )
      }
      // The format escapes colons and backslashes by a backslash.
      let password = fields[4].replacing("\\:", with: ":").replacing("\\\\", with: "\\")
      return (role, String(password))
    }
  }
}
