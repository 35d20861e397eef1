import API
import ArgumentParser
import Crypto
import Foundation
import GRPC
import XAdES

/// `hocba verify`: whether files are signed as they should be.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: words("Kiểm tra chữ kí của văn bản.", "Verify signed documents."),
    discussion: words(
      """
      Kiểm tra ngay trên máy này, không cần tài khoản hay mạng; --online hỏi thêm dịch vụ xem văn bản \
      có được phát hành và còn hiệu lực không. Mã kết thúc 3 nếu có tệp không đạt (TOTAL_PASSED), hoặc \
      không còn hiệu lực theo --online.

      Ví dụ:
        hocba verify hoc-ba/*.xml
        hocba verify hoc-ba.xml --trust ca.crt --crl ca.crl --online
      """,
      """
      Verified on this machine, without account or network; --online also asks the service whether the \
      document was issued and is in force. Exit status 3 unless all are TOTAL_PASSED, and in force if \
      asked --online.

      Examples:
        hocba verify transcripts/*.xml
        hocba verify transcript.xml --trust ca.crt --crl ca.crl --online
      """
    )
  )

  @Argument(help: ArgumentHelp(words("Tệp.", "Files."), valueName: "file"))
  var files: [String]
  @Option(
    help: ArgumentHelp(
      words(
        "Tổ chức chứng thực tin cậy, PEM; không nói gì thì theo hồ sơ.",
        "Authorities that are trusted, PEM; by default as the profile says."
      ),
      valueName: "file"
    )
  )
  var trust: String?
  @Option(
    help: ArgumentHelp(
      words("Danh sách chứng thư số bị thu hồi, PEM.", "List of revoked certificates, PEM."),
      valueName: "file"
    )
  )
  var crl: String?
  @Flag(help: ArgumentHelp(words("Hỏi thêm dịch vụ.", "Also ask the service.")))
  var online = false
  @Flag(help: ArgumentHelp(words("In JSON.", "Print JSON.")))
  var json = false
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let profile = try connection.profile()
    guard let trustFile = trust ?? profile.trustFile else {
      throw Failure(
        words(
          "Hãy cho biết tổ chức chứng thực tin cậy: --trust ca.crt",
          "Say which authorities are trusted: --trust ca.crt"
        ),
        status: 2
      )
    }
    let revocations = crl ?? (trust == nil ? profile.revocationFile : nil)
    let verifier = try Verifier(trustFile: trustFile, revocationFile: revocations)
    let services = try ConnectionOptions.services(of: profile)
    var reports: [JSON] = []
    var isGood = true
    var isComplete = true
    for path in files {
      guard let data = FileManager.default.contents(atPath: path) else {
        Console.note(words("hocba: Không đọc được \(path).", "hocba: Cannot read \(path)."))
        isComplete = false
        continue
      }
      let report = verifier.report(on: [UInt8](data))
      isGood = isGood && report.verdict == .passed
      if !json { show(path, report) }
      var register: SigningV1.RegisterState?
      if online {
        let answer = try await ask(services, [UInt8](data))
        register = answer.registerState
        isGood = isGood && answer.verdict == .totalPassed && register == .inForce
      }
      reports.append(VerdictText.json(path, report, register))
    }
    await services.close()
    if json { Console.out(JSON.array(reports).text) }
    if !isGood { throw ExitCode(3) }
    if !isComplete { throw ExitCode(1) }
  }

  private func show(_ path: String, _ report: XAdES.Report) {
    Console.out("\(VerdictText.mark(report.verdict)) \(path)  \(report.verdict.rawValue)")
    for line in VerdictText.lines(report) { Console.out(line) }
  }

  /// What the service says of a file: its verdict, and the file's place in the register.
  private func ask(
    _ services: Services,
    _ content: [UInt8]
  ) async throws -> SigningV1.VerifyResponse {
    let answer = try await SigningV1.VerificationServiceClient(services.signing).verify(
      .init(content: content),
      options: CallOptions(timeout: .seconds(30))
    )
    let state =
      switch answer.registerState {
      case .inForce: words("đã phát hành, còn hiệu lực", "issued, in force")
      case .superseded: words("đã được thay bằng bản mới", "replaced by a newer revision")
      default: words("không có trong sổ phát hành", "not in the register")
      }
    if !json { Console.out("  " + words("Dịch vụ: ", "Service: ") + state) }
    return answer
  }
}
