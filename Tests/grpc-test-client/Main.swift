import ArgumentParser
import Foundation
import GRPC
import Interop
import NIOCore
import NIOPosix

/// `grpc-test-client`: what anybody's gRPC server can be held against.
@main
struct Main: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grpc-test-client",
    abstract: "Runs cases of gRPC's interoperability tests against a server.",
    discussion: """
      Flags are those of grpc/grpc doc/interop-test-descriptions.md, as `--flag=value` or \
      `--flag value`. Prints a line a case; ends with status 0 if all passed, 1 if one failed.

      Example: grpc-test-client --server_port=8080 --test_case=large_unary

      Cases:
      \(caseList)
      """
  )

  private static var caseList: String {
    InteropCase.all.map { "  \($0.name)\n      \($0.claim)" }.joined(separator: "\n")
      + "\n  soak\n      as rpc_soak\n  all\n      every case but this"
  }

  @Option(name: .customLong("test_case"), help: "The case to run, or `all`.")
  var testCase: String

  @OptionGroup(title: "Connection")
  var connection: ConnectionOptions

  @OptionGroup(title: "Soak cases")
  var soak: SoakFlags

  @Option(
    name: .customLong("case_timeout_seconds"),
    help: "When a case that does not end has failed; 0: never. The soak cases have their own."
  )
  var caseTimeoutSeconds = 120

  @Flag(help: "Say more on standard error, such as a line for each call of a soak case.")
  var verbose = false

  func validate() throws {
    guard testCase == "all" || InteropCase.named(testCase) != nil else {
      throw ValidationError("there is no case '\(testCase)': --help lists them")
    }
  }

  func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let connection = connection
    let configuration = try connection.configuration()
    var client = InteropClient { connection.makeChannel(configuration, group) }
    client.metadata = try connection.metadata()
    client.soak = soak.options
    if verbose { client.note = { FileHandle.standardError.write(Data("\($0)\n".utf8)) } }
    var failures = 0
    for each in InteropCase.named(testCase).map({ [$0] }) ?? InteropCase.all {
      if await !passes(each, client) { failures += 1 }
    }
    await client.channel.close()
    try await group.shutdownGracefully()
    if failures > 0 { throw ExitCode(1) }
  }

  private func passes(_ each: InteropCase, _ client: InteropClient) async -> Bool {
    let start = ContinuousClock.now
    let hasOwnLimit = each.name.hasSuffix("_soak") || caseTimeoutSeconds == 0
    do {
      try await each.run(client, limit: hasOwnLimit ? nil : .seconds(caseTimeoutSeconds))
      let milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
      say("\(each.name): passed in \(milliseconds) ms")
      return true
    } catch {
      say("\(each.name): FAILED: \(error)")
      return false
    }
  }

  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}
