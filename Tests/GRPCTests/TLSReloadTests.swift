import Foundation
import GRPC
import NIOPosix
import TestTools
import Testing

@Suite("Certificates that change", .serialized, .timeLimit(.minutes(10)))
struct TLSReloadTests {
  /// A server whose files are looked at all the time.
  private func security(
    _ identity: TLSIdentity,
    clients: ServerTLS.ClientCertificates = .none
  ) -> ServerSecurity {
    var tls = ServerTLS(identity: identity)
    tls.clientCertificates = clients
    tls.reloadInterval = .milliseconds(10)
    return .tls(tls)
  }

  private func makeClient(_ port: Int, _ tls: ClientTLS, log: CapturedLog? = nil) -> GRPCClient {
    var configuration = ClientConfiguration()
    configuration.logger = log?.logger
    return GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: .tls(tls),
      configuration: configuration,
      group: MultiThreadedEventLoopGroup.singleton
    )
  }

  /// How a call over a connection of its own ends.
  private func ends(_ port: Int, _ tls: ClientTLS) async -> RPCError? {
    let client = makeClient(port, tls)
    let error = await status { let _: Bytes = try await client.unary(method("Echo"), Bytes("")) }
    await client.close()
    return error
  }

  private func eventually(_ comment: Comment, _ isSo: () async -> Bool) async throws {
    for _ in 0..<1_000 {
      if await isSo() { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record(comment)
  }

  @Test func `new connections get the new chain, and no call is lost on the running ones`()
    async throws
  {
    let (old, new) = (try TestAuthority(), try TestAuthority())
    let identity = try old.issue("server")
    _ = try new.issue("server")
    let trustsOld = ClientTLS(trustRoots: .pem(old.roots))
    let trustsNew = ClientTLS(trustRoots: .pem(new.roots))
    let log = CapturedLog()
    try await withServer(
      standardHandlers,
      (security(identity), .tls(trustsOld)),
      logger: log.logger
    ) { client, port, _ in
      let callers = (0..<4).map { caller in
        Task {
          for number in 0... where !Task.isCancelled {
            let text = "\(caller) \(number)"
            let response: Bytes = try await client.unary(method("Echo"), Bytes(text))
            #expect(response.text == text)
          }
        }
      }
      #expect(await ends(port, trustsNew)?.code == .unavailable)
      // Between the two the key is of another certificate, as when somebody copies by hand.
      try old.replace("server.crt", by: new.path("server.crt"))
      try await log.expect("new certificates are not used", "is not the key of")
      #expect(await ends(port, trustsOld) == nil)
      try old.replace("server.key", by: new.path("server.key"))
      try await log.expect("new certificates are in use")
      #expect(await ends(port, trustsNew) == nil)
      #expect(await ends(port, trustsOld)?.code == .unavailable)
      for caller in callers { caller.cancel() }
      for caller in callers {
        let error = await status { try await caller.value }
        #expect(error == nil || error?.code == .cancelled)
      }
    }
  }

  @Test(arguments: ["not PEM", "nothing", "gone"])
  func `a file that cannot be used changes nothing until it can`(_ fault: String) async throws {
    let authority = try TestAuthority()
    let identity = try authority.issue("server")
    _ = try authority.issue("second")
    let tls = ClientTLS(trustRoots: .pem(authority.roots))
    let log = CapturedLog()
    try await withServer(standardHandlers, (security(identity), .tls(tls)), logger: log.logger) {
      _,
      port,
      _ in
      let path = authority.path("server.crt")
      switch fault {
      case "gone": try FileManager.default.removeItem(atPath: path)
      case "nothing": try Data().write(to: URL(filePath: path))
      default: try Data("BEGIN".utf8).write(to: URL(filePath: path))
      }
      let reason = fault == "gone" ? "cannot be read" : "holds no certificates"
      try await log.expect("new certificates are not used", reason)
      #expect(await ends(port, tls) == nil)
      try authority.replace("server.key", by: authority.path("second.key"))
      try authority.replace("server.crt", by: authority.path("second.crt"))
      try await log.expect("new certificates are in use")
      #expect(await ends(port, tls) == nil)
    }
  }

  @Test func `a server begins to trust other clients`() async throws {
    let (old, new) = (try TestAuthority(), try TestAuthority())
    let server = security(
      try old.issue("server"),
      clients: .required(roots: .file(old.path("clients.crt")))
    )
    try old.replace("clients.crt", by: old.path("ca.crt"))
    let before = ClientTLS(trustRoots: .pem(old.roots), identity: try old.issue("client"))
    let after = ClientTLS(trustRoots: .pem(old.roots), identity: try new.issue("client"))
    try await withServer(standardHandlers, (server, .tls(before))) { client, port, _ in
      #expect(await ends(port, before) == nil)
      #expect(await ends(port, after)?.code == .unavailable)
      try old.replace("clients.crt", by: new.path("ca.crt"))
      try await eventually("the new client is refused") { await ends(port, after) == nil }
      #expect(await ends(port, before)?.code == .unavailable)
    }
  }

  @Test func `a client shows its new certificate and trusts its new roots`() async throws {
    let (old, new) = (try TestAuthority(), try TestAuthority())
    _ = try old.issue("server")
    let identity = try new.issue("client")
    _ = try old.issue("client")
    try new.replace("roots.crt", by: new.path("ca.crt"))
    let server = security(
      TLSIdentity(
        certificateChain: .file(old.path("server.crt")),
        privateKey: .file(old.path("server.key"))
      ),
      clients: .required(roots: old.roots)
    )
    let log = CapturedLog()
    try await withServer(standardHandlers, (server, .plaintext)) { _, port, _ in
      let tls = ClientTLS(trustRoots: .pem(.file(new.path("roots.crt"))), identity: identity)
      let client = makeClient(port, tls, log: log)
      func end() async -> RPCError? {
        await status { let _: Bytes = try await client.unary(method("Echo"), Bytes("")) }
      }
      #expect(await end()?.message.contains("certificate verify failed") == true)
      try new.replace("roots.crt", by: old.path("ca.crt"))
      #expect(await end()?.code == .unavailable)
      try await log.expect("new certificates are in use")
      try new.replace("client.key", by: old.path("client.key"))
      #expect(await end()?.code == .unavailable)
      try await log.expect("new certificates are not used", "is not the key of")
      try new.replace("client.crt", by: old.path("client.crt"))
      try await eventually("the client is refused") { await end() == nil }
      await client.close()
    }
  }

  @Test func `a server that has nothing good to begin with does not start, and says why`()
    async throws
  {
    let authority = try TestAuthority()
    let identity = try authority.issue("server")
    let other = try authority.issue("other")
    for (chain, key, reason) in [
      (PEM.file("/nowhere/a.crt"), identity.privateKey, "/nowhere/a.crt cannot be read"),
      (identity.certificateChain, other.privateKey, "other.key is not the key of"),
      (identity.privateKey, identity.privateKey, "server.key holds no certificates"),
      (identity.certificateChain, identity.certificateChain, "server.crt holds no key"),
      (.bytes([]), identity.privateKey, "the PEM text holds no certificates"),
    ] {
      let tls = ServerTLS(identity: TLSIdentity(certificateChain: chain, privateKey: key))
      let server = makeServer([], .init(host: "127.0.0.1", port: 0, security: .tls(tls)))
      let error = await #expect(throws: SecurityError.self) { _ = try await server.start() }
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }
  }
}
