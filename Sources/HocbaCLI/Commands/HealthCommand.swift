import API
import ArgumentParser
import GRPC
import NIOPosix
import Protobuf
import ServiceKit

/// `hocba health`: whether a service can do its work.
struct HealthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health",
    abstract: words("Hỏi xem một dịch vụ có phục vụ được không.", "Ask whether a service is up."),
    discussion: words(
      "Mã kết thúc 0 nếu phục vụ được. Ví dụ: hocba health 127.0.0.1:7411",
      "Exit status 0 if it serves. Example: hocba health 127.0.0.1:7411"
    )
  )

  @Argument(help: ArgumentHelp(words("Địa chỉ.", "Address."), valueName: "host:port"))
  var address: PeerAddress
  @OptionGroup var security: SecurityOptions
  @OptionGroup var language: LanguageOptions

  func run() async throws {
    var profile = try Profile.read(Profile.currentPath)
    security.apply(to: &profile)
    let client = GRPCClient(
      host: address.host,
      port: address.port,
      security: profile.security,
      group: MultiThreadedEventLoopGroup.singleton
    )
    let answer = try await GRPCHealthV1.HealthClient(client).check(
      .init(),
      options: CallOptions(timeout: .seconds(3))
    )
    await client.close()
    Console.out(answer.status.name ?? "\(answer.status.rawValue)")
    guard answer.status == .serving else { throw ExitCode(1) }
  }
}
