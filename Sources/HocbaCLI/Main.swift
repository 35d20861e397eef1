import ArgumentParser
import Foundation

/// `hocba`: the one command line for all of Học bạ.
@main
enum Main {
  static func main() async {
    do {
      var command = try Hocba.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      exit(0)
    } catch {
      end(with: error)
    }
  }

  /// Says what went wrong, and ends the process with the status that the help promises.
  private static func end(with error: any Error) -> Never {
    let text = ParserText.localized(Hocba.fullMessage(for: error))
    switch Hocba.exitCode(for: error) {
    case .success:
      Console.out(text)
      exit(0)
    case .validationFailure:
      Console.note(text)
      exit(2)
    default:
      if let code = error as? ExitCode { exit(code.rawValue) }
      let failure = Failure(error)
      Console.endProgress()
      Console.note("hocba: " + failure.message)
      exit(failure.status)
    }
  }
}

/// The commands.
struct Hocba: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hocba",
    abstract: words(
      "Học bạ điện tử: từ sổ điểm của trường đến học bạ có chữ kí số.",
      "Electronic school transcripts: from a school's workbooks to signed transcripts."
    ),
    discussion: words(
      """
      Bắt đầu: hocba login --login officer, rồi hocba schools. Mỗi lệnh có --help riêng với ví dụ.

      Lệnh gọi các dịch vụ qua TLS: --tls-ca nói tin tổ chức chứng thực nào, --plaintext bỏ TLS.

      Lệnh dùng chung một hồ sơ (địa chỉ các dịch vụ, TLS, người đăng nhập): tệp $HOCBA_PROFILE; nếu không \
      có thì .hocba/profile.json trong thư mục hiện tại hoặc thư mục chứa nó; nếu không có nữa thì \
      ~/.config/hocba/profile.json.

      Mã kết thúc: 0 xong; 1 bị từ chối hoặc lỗi; 2 dùng sai; 3 chữ kí không được xác nhận.
      """,
      """
      To begin: hocba login --login officer, then hocba schools. Each command has its own --help with \
      examples.

      Commands call the services over TLS: --tls-ca says whose certificates are believed, --plaintext \
      does without.

      Commands share a profile (addresses of the services, TLS, who is signed in): the file $HOCBA_PROFILE; \
      else .hocba/profile.json in the working folder or any above it; else \
      ~/.config/hocba/profile.json.

      Exit status: 0 done; 1 refused or failed; 2 wrong use; 3 signatures not confirmed.
      """
    ),
    subcommands: [
      LoginCommand.self, WhoamiCommand.self, PasswordCommand.self, SchoolsCommand.self,
      ClassesCommand.self,
      ImportCommand.self, ComputeCommand.self, ResultsCommand.self, StaffCommand.self,
      CertificateCommand.self, SignCommand.self, DocumentsCommand.self, VerifyCommand.self,
      ReportCommand.self, MigrateCommand.self, HealthCommand.self, DemoCommand.self,
    ]
  )
}
