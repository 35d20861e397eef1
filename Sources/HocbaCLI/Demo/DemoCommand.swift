import ArgumentParser
import Foundation

/// `hocba demo`: the whole path, from workbooks to sealed transcripts, before one's eyes.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: words(
      "Đi trọn con đường từ sổ điểm đến học bạ có chữ kí, trên một hệ thống còn trống.",
      "Walk the whole path from workbooks to signed transcripts, on an empty installation."
    ),
    discussion: words(
      """
      make demo chuẩn bị hệ thống rồi gọi lệnh này. Mọi người trong đó do lệnh này đóng vai, với khoá \
      của một tổ chức chứng thực thử nghiệm: không dùng cho dữ liệu thật.
      """,
      """
      make demo prepares the installation and calls this. It plays all the people itself, with keys of a \
      development authority: not for real data.
      """
    )
  )

  @Option(
    help: ArgumentHelp(
      words("Thư mục các trường.", "Folder of schools, each with its workbooks."),
      valueName: "folder"
    )
  )
  var district: String
  @Option(
    help: ArgumentHelp(
      words("Nơi ghi học bạ đã kí.", "Where signed transcripts go."),
      valueName: "folder"
    )
  )
  var out: String
  @Option(
    help: ArgumentHelp(
      words("Thư mục có mật khẩu, khoá, hồ sơ.", "Folder of passwords, keys, profile."),
      valueName: "folder"
    )
  )
  var state: String
  @Option(
    help: ArgumentHelp(
      words("Tập lệnh của tổ chức chứng thực thử nghiệm.", "Script of the development authority."),
      valueName: "script"
    )
  )
  var certificateAuthority: String
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let folders = try SchoolFolder.all(in: URL(filePath: district))
    guard !folders.isEmpty else {
      throw Failure(
        words("Không có trường nào trong \(district).", "There are no schools in \(district)."),
        status: 2
      )
    }
    let profile = connection.addresses()
    let demo = Demo(
      services: try ConnectionOptions.services(of: profile),
      folders: folders,
      state: URL(filePath: state).absoluteURL.path(percentEncoded: false),
      out: URL(filePath: out).absoluteURL.path(percentEncoded: false),
      authority: certificateAuthority,
      stages: Stages()
    )
    try await demo.run(profile)
    await demo.services.close()
  }
}
