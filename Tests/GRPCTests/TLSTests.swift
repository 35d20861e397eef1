import Foundation
import GRPC
import NIOCore
import NIOPosix
import TestTools
import Testing

// One at a time: what a program started here inherits keeps open what another waits for.
@Suite("TLS", .serialized, .timeLimit(.minutes(10)))
struct TLSTests {
  /// Says who its caller is.
  private static let whoAmI = MethodHandler.unary(method("WhoAmI")) { (_: Bytes, context) in
    guard let certificate = context.peerCertificate else { return Bytes("nobody") }
    let names = certificate.dnsNames + certificate.uris
    return Bytes(
      "\(certificate.commonName ?? "") \(names) \(certificate.derBytes.count)"
    )
  }

  private func echo(_ client: GRPCClient, _ text: String = "hello") async throws {
    let response: Bytes = try await client.unary(method("Echo"), Bytes(text))
    #expect(response.text == text)
  }

  private func server(
    _ identity: TLSIdentity,
    clients: ServerTLS.ClientCertificates = .none
  ) -> ServerSecurity {
    var tls = ServerTLS(identity: identity)
    tls.clientCertificates = clients
    tls.reloadInterval = .milliseconds(20)
    return .tls(tls)
  }

  @Test func `calls of every kind are answered`() async throws {
    let authority = try TestAuthority()
    let security = server(try authority.issue("server"))
    let client = ClientSecurity.tls(ClientTLS(trustRoots: .pem(authority.roots)))
    try await withServer(standardHandlers + [TLSTests.whoAmI], (security, client)) { client, _, _ in
      try await echo(client)
      let large = Bytes([UInt8](repeating: 7, count: 3_000_000))
      #expect(try await client.unary(method("Echo"), large) == large)
      let responses: ResponseStream<Bytes> = client.serverStreaming(method("Repeat"), Bytes("9999"))
      var count = 0
      for try await response in responses {
        #expect(response.text == "\(count)")
        count += 1
      }
      #expect(count == 9999)
      let who: Bytes = try await client.unary(method("WhoAmI"), Bytes(""))
      #expect(who.text == "nobody")
    }
  }

  @Test func `a server is found by its name as well as by its address`() async throws {
    let authority = try TestAuthority()
    let security = server(try authority.issue("server", names: "DNS:records.example"))
    let client = ClientSecurity.tls(
      ClientTLS(trustRoots: .pem(authority.roots), serverName: "records.example")
    )
    try await withServer(standardHandlers, (security, client)) { client, _, _ in
      try await echo(client)
    }
  }

  @Test(
    arguments: [
      ("wrong authority", "alert unknown ca"), ("wrong name", ""),
      ("expired", "certificate expired"),
      ("not for servers", "alert"),
    ]
  )
  func `a client refuses a server with a certificate that is not good`(
    _ fault: String,
    _ alert: String
  ) async throws {
    let authority = try TestAuthority()
    let other = try TestAuthority()
    let identity =
      switch fault {
      case "wrong authority": try other.issue("server")
      case "wrong name": try authority.issue("server", names: "DNS:other.example,IP:127.0.0.2")
      case "expired": try authority.issue("server", years: -2...0)
      default: try authority.issue("server", use: "clientAuth")
      }
    let log = CapturedLog()
    let client = ClientSecurity.tls(ClientTLS(trustRoots: .pem(authority.roots)))
    try await withServer(standardHandlers, (server(identity), client), logger: log.logger) {
      client,
      _,
      _ in
      let error = await status { try await echo(client) }
      #expect(error?.code == .unavailable)
      let reason = fault == "wrong name" ? "of another name" : "certificate verify failed"
      #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
      // The client says why, unless it is the name, which it looks at after the handshake.
      if !alert.isEmpty { try await log.expect("tls-handshake-failed", alert) }
    }
  }

  @Test func `a handler sees who its client has proved to be`() async throws {
    let authority = try TestAuthority()
    let identity = try authority.issue("clerk", names: "DNS:clerk.example,URI:spiffe://x/clerk")
    let security = server(try authority.issue("server"), clients: .required(roots: authority.roots))
    let tls = ClientTLS(trustRoots: .pem(authority.roots), identity: identity)
    let pem = try String(contentsOfFile: authority.path("clerk.crt"), encoding: .utf8)
    let base64 = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    let size = try #require(Data(base64Encoded: base64)).count
    try await withServer([TLSTests.whoAmI], (security, .tls(tls))) { client, _, _ in
      let who: Bytes = try await client.unary(method("WhoAmI"), Bytes(""))
      #expect(who.text == #"clerk ["clerk.example", "spiffe://x/clerk"] \#(size)"#)
    }
  }

  @Test(arguments: ["none", "wrong authority", "expired", "not for clients"])
  func `a server refuses a client without a good certificate`(_ fault: String) async throws {
    let authority = try TestAuthority()
    let other = try TestAuthority()
    let identity: TLSIdentity? =
      switch fault {
      case "none": nil
      case "wrong authority": try other.issue("client")
      case "expired": try authority.issue("client", years: -2...0)
      default: try authority.issue("client", use: "serverAuth")
      }
    let security = server(try authority.issue("server"), clients: .required(roots: authority.roots))
    let tls = ClientTLS(trustRoots: .pem(authority.roots), identity: identity)
    let log = CapturedLog()
    try await withServer(standardHandlers, (security, .tls(tls)), logger: log.logger) {
      client,
      _,
      _ in
      let error = await status { try await echo(client) }
      #expect(error?.code == .unavailable)
      try await log.expect(
        "tls-handshake-failed",
        identity == nil ? "peer did not return a certificate" : "certificate verify failed"
      )
    }
  }

  @Test func `a certificate that is only asked for may be missing, but not be wrong`() async throws
  {
    let authority = try TestAuthority()
    let other = try TestAuthority()
    let security = server(
      try authority.issue("server"),
      clients: .requested(roots: authority.roots)
    )
    let handlers = standardHandlers + [TLSTests.whoAmI]
    for (identity, answer) in [
      (nil, "nobody"), (try authority.issue("client"), "client"), (try other.issue("x"), nil),
    ] {
      let tls = ClientTLS(trustRoots: .pem(authority.roots), identity: identity)
      try await withServer(handlers, (security, .tls(tls))) { client, _, _ in
        let error = await status {
          let who: Bytes = try await client.unary(method("WhoAmI"), Bytes(""))
          #expect(who.text.hasPrefix(answer ?? "-"))
        }
        #expect(error?.code == (answer == nil ? .unavailable : nil))
      }
    }
  }

  @Test(
    arguments: [
      ([String](), ["nothing"], false),
      (["-alpn", "http/1.1"], ["nothing"], false),
      (
        ["-alpn", "h2", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], ["unsupported protocol"], false
      ),
      (["-alpn", "h2", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], ["no shared"], false),
      (["-alpn", "h2", "-tls1_2", "-cipher", "AES128-GCM-SHA256"], ["wrong curve"], false),
      (["-alpn", "h2", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], [], true),
      (["-alpn", "h2", "-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"], [], true),
      (["-alpn", "h2", "-tls1_3"], [], true),
    ]
  )
  func `versions, suites and protocols are those of RFC 9113`(
    _ options: [String],
    _ reasons: [String],
    _ isAgreed: Bool
  ) async throws {
    let authority = try TestAuthority()
    let security = server(try authority.issue("server"))
    let log = CapturedLog()
    let client = ClientSecurity.tls(ClientTLS(trustRoots: .pem(authority.roots)))
    try await withServer(standardHandlers, (security, client), logger: log.logger) {
      client,
      port,
      _ in
      let (_, output) = try Shell.run(
        ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile"]
          + [authority.path("ca.crt"), "-verify_return_error"] + options
      )
      #expect(output.contains("ALPN protocol: h2") == isAgreed, "\(output)")
      for reason in reasons { try await log.expect("tls-handshake-failed", reason) }
      try await echo(client)
    }
  }

  @Test func `a client refuses a server that does not agree on HTTP/2`() async throws {
    let authority = try TestAuthority()
    _ = try authority.issue("server")
    var configuration = ServerConfiguration(host: "", port: 0, security: .plaintext)
    steadyPort(&configuration)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["openssl", "s_server", "-quiet", "-accept", "127.0.0.1:\(configuration.port)"]
      + ["-cert", authority.path("server.crt"), "-key", authority.path("server.key")]
    process.standardInput = Pipe()
    try process.run()
    // It inherits that our threads take no signals.
    defer { kill(process.processIdentifier, SIGKILL) }
    let client = GRPCClient(
      host: "127.0.0.1",
      port: configuration.port,
      security: .tls(ClientTLS(trustRoots: .pem(authority.roots))),
      group: MultiThreadedEventLoopGroup.singleton
    )
    var message = ""
    // Until it listens.
    for _ in 0..<500 where !message.contains("h2") {
      try await Task.sleep(for: .milliseconds(20))
      message = await status { try await echo(client) }?.message ?? ""
    }
    #expect(message.contains("did not agree on h2"))
    await client.close()
  }

  @Test func `plaintext and TLS that meet part with a reason`() async throws {
    let authority = try TestAuthority()
    let log = CapturedLog()
    let secure = server(try authority.issue("server"))
    let tls = ClientSecurity.tls(ClientTLS(trustRoots: .pem(authority.roots)))
    try await withServer(standardHandlers, (secure, .plaintext), logger: log.logger) {
      client,
      _,
      _ in
      let error = await status { try await echo(client) }
      #expect(error?.code == .unavailable)
      try await log.expect("tls-handshake-failed", "does not speak TLS")
    }
    try await withServer(standardHandlers, (.plaintext, tls), logger: log.logger) { client, _, _ in
      let error = await status { try await echo(client) }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("TLS") == true, "\(error?.message ?? "")")
      try await log.expect(reason: "tls-at-a-plaintext-port")
    }
  }

  @Test func `a handshake that does not come to its end is ended, and counts as a connection`()
    async throws
  {
    let authority = try TestAuthority()
    var tls = ServerTLS(identity: try authority.issue("server"))
    tls.handshakeTime = .milliseconds(200)
    let client = ClientSecurity.tls(ClientTLS(trustRoots: .pem(authority.roots)))
    let log = CapturedLog()
    try await withServer(
      standardHandlers,
      (.tls(tls), client),
      configure: { $0.maxConnections = 1 },
      logger: log.logger
    ) { client, port, _ in
      let idle = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port).get()
      let error = await status { try await echo(client) }
      #expect(error?.code == .unavailable)
      try await idle.closeFuture.get()
      try await log.expect("tls-handshake-failed", "took longer")
      let answer: Bytes = try await client.unary(
        method("Echo"),
        Bytes("later"),
        options: CallOptions(waitForReady: true)
      )
      #expect(answer.text == "later")
    }
  }
}
