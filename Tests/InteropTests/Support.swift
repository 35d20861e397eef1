import Foundation
import GRPC
import Interop
import Logging
import NIOCore
import NIOPosix
import TestPKI
import Testing

/// When a case that does not end has failed; only a broken server makes anybody wait so long.
let caseLimit = Duration.seconds(300)

/// The handlers of a test server that logs nowhere.
let goodHandlers = TestServices(
  logger: Logger(label: "") { _ in SwiftLogNoOpLogHandler() }
).handlers

/// Runs `body` with a client of a server of ours; of two handlers for one method the last counts.
func withServer(
  _ handlers: [MethodHandler] = goodHandlers,
  authority: Authority? = nil,
  _ body: (_ client: InteropClient, _ port: Int) async throws -> Void
) async throws {
  let server = GRPCServer(
    configuration: ServerConfiguration(
      host: "127.0.0.1",
      port: 0,
      security: authority?.server ?? .plaintext
    ),
    handlers: handlers,
    group: MultiThreadedEventLoopGroup.singleton,
    logger: Logger(label: "") { _ in SwiftLogNoOpLogHandler() }
  )
  let port = try #require(try await server.start().port)
  let result: Result<Void, any Error>
  do {
    result = .success(
      try await withClient(port: port, authority: authority) { try await body($0, port) }
    )
  } catch { result = .failure(error) }
  await server.shutdown(grace: .milliseconds(200))
  try result.get()
}

/// Runs `body` with a client of a server on this machine.
func withClient(
  port: Int,
  authority: Authority? = nil,
  _ body: (InteropClient) async throws -> Void
) async throws {
  var client = InteropClient {
    GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: authority?.client ?? .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
  }
  // How fast a machine under test is says nothing.
  client.soak.maxLatency = caseLimit
  client.soak.overallTimeout = caseLimit
  let result: Result<Void, any Error>
  do { result = .success(try await body(client)) } catch { result = .failure(error) }
  await client.channel.close()
  try result.get()
}

/// Runs a case by its name.
func run(_ name: String, _ client: InteropClient, limit: Duration = caseLimit) async throws {
  try await #require(InteropCase.named(name)).run(client, limit: limit)
}

/// Who certifies the servers and clients of these tests.
final class Authority: Sendable {
  /// One for all tests.
  static let shared = Result { try Authority() }

  private let pki: TestPKI

  private init() throws {
    pki = try TestPKI()
    for name in ["server", "client"] {
      try pki.issue(special: name, extensions: ["subjectAltName=DNS:localhost,IP:127.0.0.1"])
    }
  }

  /// The file of its root.
  var root: String { pki.file("ca.crt") }

  /// The files of a certificate, `server` or `client`, and of its key.
  func files(_ name: String) -> [String] { [pki.file("\(name).crt"), pki.file("\(name).key")] }

  /// A server that wants its clients to show certificates.
  var server: ServerSecurity {
    var tls = ServerTLS(identity: identity("server"))
    tls.clientCertificates = .requested(roots: .file(root))
    return .tls(tls)
  }

  /// A client that shows one.
  var client: ClientSecurity {
    .tls(ClientTLS(trustRoots: .pem(.file(root)), identity: identity("client")))
  }

  private func identity(_ name: String) -> TLSIdentity {
    TLSIdentity(
      certificateChain: .file(files(name)[0]),
      privateKey: .file(files(name)[1])
    )
  }
}
