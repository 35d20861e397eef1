import Foundation
import GRPC
import NIOCore
import NIOPosix
import TestTools

/// A proxy in front of a server, with its configuration in `deploy/proxies` and ports of its own.
struct Proxy {
  /// The proxies there are.
  enum Kind: String, CaseIterable {
    case nginx
    case nghttpx
  }

  /// Where it speaks TLS, and where plaintext.
  let tlsPort = Int.random(in: 20_000..<26_000)
  let port = Int.random(in: 26_000..<32_000)

  private let kind: Kind
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "hocba-proxy-\(UUID().uuidString)")
  private let process = Process()

  /// The certificate that it shows.
  var certificate: String { folder.appending(path: "certificate.pem").path() }

  /// Runs `body` with a proxy in front of the servers at `ports`.
  static func run(
    _ kind: Kind,
    before ports: [Int],
    _ body: (Proxy) async throws -> Void
  ) async throws {
    let proxy = Proxy(kind: kind)
    try FileManager.default.createDirectory(at: proxy.folder, withIntermediateDirectories: true)
    defer {
      if proxy.process.isRunning { proxy.process.terminate() }
      // A folder that is left over in the temporary directory does no harm.
      try? FileManager.default.removeItem(at: proxy.folder)
    }
    try proxy.makeCertificate()
    try proxy.start(before: ports)
    try await proxy.waitUntilUp()
    try await body(proxy)
  }

  private init(kind: Kind) {
    self.kind = kind
  }

  private func makeCertificate() throws {
    let made = try Shell.run([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
      "-keyout", folder.appending(path: "key.pem").path(), "-out", certificate,
    ])
    guard made.status == 0 else { throw TestFailure(made.output) }
  }

  private func start(before ports: [Int]) throws {
    let site = try site(before: ports)
    switch kind {
    case .nginx:
      // What Debian's own nginx.conf says around the files of conf.d, for a folder of its own.
      let main = """
        daemon off; master_process off; pid nginx.pid; events {}
        http {
          access_log off; client_body_temp_path body; proxy_temp_path proxy;
          fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          include \(site);
        }
        """
      let file = folder.appending(path: "main.conf")
      try Data(main.utf8).write(to: file)
      process.executableURL = URL(filePath: "/usr/sbin/nginx")
      process.arguments = ["-p", folder.path(), "-c", file.path(), "-e", "stderr"]
    case .nghttpx:
      process.executableURL = URL(filePath: "/usr/sbin/nghttpx")
      process.arguments = ["--conf=\(site)", "--single-process"]
    }
    let log = folder.appending(path: "log")
    try Data().write(to: log)
    process.standardError = try FileHandle(forWritingTo: log)
    process.standardOutput = process.standardError
    try process.run()
  }

  /// The sample configuration with what belongs to this test in the place of what it shows.
  private func site(before ports: [Int]) throws -> String {
    let sample = Repository.root.appending(path: "deploy/proxies/\(kind.rawValue).conf")
    var text = try String(contentsOf: sample, encoding: .utf8)
    func put(_ new: String, for old: String) throws {
      guard text.contains(old) else { throw TestFailure("\(sample.path()) has no \(old)") }
      text = text.replacing(old, with: new)
    }
    switch kind {
    case .nginx:
      try put(
        "  listen 127.0.0.1:\(tlsPort) ssl http2;\n  listen 127.0.0.1:\(port) http2;",
        for: "  listen 443 ssl http2;"
      )
      let servers = ports.map { "  server 127.0.0.1:\($0);" }
      try put(servers.joined(separator: "\n"), for: "  server 127.0.0.1:50051;")
    case .nghttpx:
      try put(
        "frontend=127.0.0.1,\(tlsPort)\nfrontend=127.0.0.1,\(port);no-tls",
        for: "frontend=*,443"
      )
      let backends = ports.map { "backend=127.0.0.1,\($0);;proto=h2" }
      try put(backends.joined(separator: "\n"), for: "backend=127.0.0.1,50051;;proto=h2")
    }
    try put(certificate, for: "/etc/ssl/hocba/server.pem")
    try put(folder.appending(path: "key.pem").path(), for: "/etc/ssl/hocba/server.key")
    let file = folder.appending(path: "site.conf")
    try Data(text.utf8).write(to: file)
    return file.path()
  }

  private func waitUntilUp() async throws {
    for _ in 0..<500 where process.isRunning {
      let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port)
        .get()
      if let channel { return try await channel.close() }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw TestFailure(log)
  }

  /// What it has said.
  var log: String {
    (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "no log"
  }

  /// A client of ours that calls through it.
  func makeClient() -> GRPCClient {
    GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: .plaintext,
      group: MultiThreadedEventLoopGroup.singleton
    )
  }
}
