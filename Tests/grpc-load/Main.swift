import ArgumentParser
import Foundation
import GRPC
import Interop
import NIOCore
import NIOPosix

/// `grpc-load`: loads an echo server, and looks at each answer.
@main
struct Main: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grpc-load",
    abstract: "Makes many calls of echo.v1.Echo, and checks status and content of each answer.",
    discussion: """
      Ends with status 0 if every call ended with the status OK and gave back what was sent.

      Example: grpc-load --port 8080 --calls 100000 --connections 4 --in-flight 128
      """
  )

  @OptionGroup
  var options: Options

  func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let clients = (0..<options.connections).map { _ in
      GRPCClient(host: options.host, port: options.port, security: options.security, group: group)
    }
    let load = Load(
      clients: clients.map { EchoV1.EchoClient($0) },
      inFlight: options.inFlight,
      payload: [UInt8](repeating: 0x78, count: options.payload)
    )
    // Warms both ends; errors are errors here too.
    var warmUp = await load.connect()
    warmUp.add(
      options.download
        ? await load.downloads(max(options.calls / 10, options.inFlight))
        : await load.calls(Load.Left(calls: min(options.calls / 10, 10_000)))
    )
    var outcome: Load.Outcome
    let start = ContinuousClock.now
    if options.download {
      outcome = await load.downloads(options.calls)
    } else {
      let end = options.seconds.map { start + .seconds($0) }
      outcome = await load.calls(Load.Left(calls: options.calls, end: end))
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    outcome.errors.merge(warmUp.errors, uniquingKeysWith: +)
    let report = LoadReport(outcome, options, seconds: seconds)
    // Not by print, which keeps it back until the end where a program reads it.
    let text = options.json ? try report.json : report.text
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    if options.hold > 0 { try await Task.sleep(for: .seconds(options.hold)) }
    for client in clients { await client.close() }
    try await group.shutdownGracefully()
    if report.failures > 0 { throw ExitCode.failure }
  }
}
