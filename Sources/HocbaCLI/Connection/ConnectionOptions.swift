import ArgumentParser
import Foundation
import GRPC
import ServiceKit

/// Options of every command that speaks to the services.
struct ConnectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words("Địa chỉ dịch vụ identity.", "Where the identity service listens."),
      valueName: "host:port"
    )
  )
  var identity: PeerAddress?
  @Option(
    help: ArgumentHelp(
      words("Địa chỉ dịch vụ records.", "Where the records service listens."),
      valueName: "host:port"
    )
  )
  var records: PeerAddress?
  @Option(
    help: ArgumentHelp(
      words("Địa chỉ dịch vụ signing.", "Where the signing service listens."),
      valueName: "host:port"
    )
  )
  var signing: PeerAddress?
  @Option(
    help: ArgumentHelp(
      words("Địa chỉ dịch vụ reporting.", "Where the reporting service listens."),
      valueName: "host:port"
    )
  )
  var reporting: PeerAddress?
  @OptionGroup var security: SecurityOptions
  @OptionGroup var language: LanguageOptions

  /// The profile of this process, with what is given here instead of its own.
  func profile() throws -> Profile {
    addresses(in: try Profile.read(Profile.currentPath))
  }

  /// A profile with what is given here.
  func addresses(in profile: Profile = Profile()) -> Profile {
    var profile = profile
    if let identity { profile.identity = identity.settingText }
    if let records { profile.records = records.settingText }
    if let signing { profile.signing = signing.settingText }
    if let reporting { profile.reporting = reporting.settingText }
    security.apply(to: &profile)
    return profile
  }

  /// The services that a profile names.
  static func services(of profile: Profile) throws -> Services {
    func address(_ text: String) throws -> PeerAddress {
      guard let address = PeerAddress(settingText: text) else {
        throw Failure(
          words("Địa chỉ phải có dạng máy:cổng: \(text)", "Not host:port: \(text)"),
          status: 2
        )
      }
      return address
    }
    return Services(
      identity: try address(profile.identity),
      records: try address(profile.records),
      signing: try address(profile.signing),
      reporting: try address(profile.reporting),
      security: profile.security
    )
  }

  /// The desk of the person whom the profile names.
  func desk() throws -> Desk {
    let profile = try profile()
    guard !profile.login.isEmpty else {
      throw Failure(
        words("Chưa đăng nhập: hãy chạy `hocba login`.", "Not signed in: run `hocba login`.")
      )
    }
    let services = try Self.services(of: profile)
    let token = profile.token.flatMap { text in profile.tokenExpiry.map { (text, $0) } }
    let account = Account(
      profile.login,
      password: try profile.passwordFile.map(SecretFile.password),
      token: token,
      at: services.identity
    )
    return Desk(services: services, account: account)
  }
}

/// The language, which every command has.
struct LanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        """
        Ngôn ngữ: vi hoặc en. Không nói gì thì theo LC_ALL, LC_MESSAGES, LANG: en… là tiếng Anh, \
        còn lại là tiếng Việt.
        """,
        """
        Language: vi or en. By default English if LC_ALL, LC_MESSAGES or LANG begins with en, \
        else Vietnamese.
        """
      ),
      valueName: "vi|en"
    )
  )
  var language: Language?
}

extension PeerAddress: ExpressibleByArgument {
  package init?(argument: String) { self.init(settingText: argument) }
}

/// A command that works at the desk of the person who is signed in.
protocol DeskCommand: AsyncParsableCommand {
  var connection: ConnectionOptions { get }
  func run(at desk: Desk) async throws
}

extension DeskCommand {
  mutating func run() async throws {
    let desk = try connection.desk()
    do {
      try await run(at: desk)
    } catch {
      await desk.services.close()
      throw error
    }
    await desk.services.close()
  }
}
