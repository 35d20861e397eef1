import Logging
import Testing

@testable import ServiceKit

@Suite struct SettingTests {
  private static let limit = Setting<Int>("HOCBA_LIMIT", default: 5, "limit, 1 to 9") {
    (1...9).contains($0)
  }
  private static let address = Setting<PeerAddress>("HOCBA_PEER", default: nil, "host:port")
  private static let wait = Setting<Duration>("HOCBA_WAIT", default: .seconds(90), "wait")
  private static let declared: [any AnySetting] = [limit, address, wait]

  private static func problems(_ environment: [String: String]) -> [String] {
    do throws(SettingsError) {
      _ = try Settings(environment, declared: declared)
      return []
    } catch { return error.problems }
  }

  @Test func `values are read, and defaults hold where there is none`() throws {
    let settings = try Settings(
      ["HOCBA_PEER": "[::1]:7001", "HOCBA_WAIT": "2h", "PATH": "/bin"],
      declared: Self.declared
    )
    #expect(settings[Self.limit] == 5)
    #expect(settings[Self.address].host == "[::1]")
    #expect(settings[Self.address].port == 7_001)
    #expect(settings[Self.wait] == .seconds(7_200))
  }

  @Test func `everything that is wrong is told at once`() {
    #expect(
      Self.problems(["HOCBA_LIMIT": "10", "HOCBA_WAIT": "soon", "HOCBA_LIMT": "3"]) == [
        "HOCBA_LIMT: unknown setting", "HOCBA_LIMIT: out of range (limit, 1 to 9)",
        "HOCBA_PEER: required (host:port)", "HOCBA_WAIT: cannot be read",
      ]
    )
  }

  @Test func `what belongs to another process is let be`() throws {
    let environment = ["HOCBA_PEER": "a:1", "HOCBA_TEST_DATABASE": "x"]
    #expect(Self.problems(environment) == ["HOCBA_TEST_DATABASE: unknown setting"])
    _ = try Settings(environment, declared: Self.declared, foreign: ["HOCBA_TEST_"])
  }

  @Test(arguments: ["", ":1", "host", "host:", "host:0", "host:65536", "host:x"])
  func `an address needs a host and a port`(text: String) {
    #expect(PeerAddress(settingText: text) == nil)
  }

  @Test(arguments: ["", "5", "m", "-5s", "1d", "9223372036854775807h", "1.5s"])
  func `a duration is whole seconds, minutes or hours`(text: String) {
    #expect(Duration(settingText: text) == nil)
  }

  @Test func `a log level is one of the known ones`() {
    #expect(Logger.Level(settingText: "debug") == .debug)
    #expect(Logger.Level(settingText: "loud") == nil)
  }
}
