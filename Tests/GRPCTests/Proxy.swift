import Foundation
import GRPC
import NIOCore
import NIOPosix
import TestTools
import Testing

/// A proxy in front of a server, with its configuration in `deploy/proxies` and ports of its own.
struct Proxy {
  /// The proxies there are.
  enum Kind: String, CaseIterable {
    case nginx
    case nghttpx
  }

  let port = Int.random(in: 10_000..<20_000)

  private let kind: Kind
  /// Whose certificate for a server it shows, and trusts.
  private let authority: TestAuthority
  private let process = Process()

  /// Runs `body` with a proxy in front of the servers at `ports`, which speak TLS if `isSecure`.
  static func run(
    _ kind: Kind,
    of authority: TestAuthority,
    before ports: [Int],
    isSecure: Bool = false,
    _ body: (Proxy) async throws -> Void
  ) async throws {
    let proxy = Proxy(kind: kind, authority: authority)
    try proxy.start(before: ports, isSecure)
    // Other signals are blocked, as they are on the thread that starts it.
    defer { kill(proxy.process.processIdentifier, SIGKILL) }
    try await proxy.waitUntilUp()
    try await body(proxy)
  }

  private init(kind: Kind, authority: TestAuthority) {
    self.kind = kind
    self.authority = authority
  }

  private func start(before ports: [Int], _ isSecure: Bool) throws {
    let site = try site(before: ports, isSecure)
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
      try Data(main.utf8).write(to: URL(filePath: authority.path("main.conf")))
      process.executableURL = URL(filePath: "/usr/sbin/nginx")
      process.arguments = ["-p", authority.path(""), "-c", authority.path("main.conf")]
      process.arguments? += ["-e", "stderr"]
    case .nghttpx:
      process.executableURL = URL(filePath: "/usr/sbin/nghttpx")
      process.arguments = ["--conf=\(site)", "--single-process"]
    }
    try Data().write(to: URL(filePath: authority.path("log")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: authority.path("log")))
    process.standardOutput = process.standardError
    try process.run()
  }

  /// The sample configuration with what belongs to this test in the place of what it shows.
  private func site(before ports: [Int], _ isSecure: Bool) throws -> String {
    let sample = Repository.root.appending(path: "deploy/proxies/\(kind.rawValue).conf")
    var text = try String(contentsOf: sample, encoding: .utf8)
    func put(_ new: String, for old: String) throws {
      guard text.contains(old) else { throw TestFailure("\(sample.path()) has no \(old)") }
      text = text.replacing(old, with: new)
    }
    switch kind {
    case .nginx:
      try put("listen 127.0.0.1:\(port) ssl", for: "listen 443 ssl")
      let servers = ports.map { "server 127.0.0.1:\($0);" }
      try put(servers.joined(separator: "\n  "), for: "server 127.0.0.1:50051;")
      if isSecure {
        try put("\n", for: "\n    grpc_pass grpc://hocba;\n")
        try put("\n    grpc_", for: "\n    #grpc_")
      }
    case .nghttpx:
      try put("frontend=127.0.0.1,\(port)", for: "frontend=*,443")
      if isSecure {
        try put("", for: "\nbackend=127.0.0.1,50051;;proto=h2")
        try put("\nbackend", for: "\n#backend")
        try put("\ncacert", for: "\n#cacert")
      }
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("backend=") })
      let lines = ports.map { line.replacing("50051", with: "\($0)") }
      try put("\n" + lines.joined(separator: "\n"), for: "\n" + line)
    }
    if isSecure { try put("localhost", for: "hocba.internal") }
    try put(authority.path("server.crt"), for: "/etc/ssl/hocba/server.pem")
    try put(authority.path("server.key"), for: "/etc/ssl/hocba/server.key")
    try put(authority.path("ca.crt"), for: "/etc/ssl/hocba/ca.pem")
    try Data(text.utf8).write(to: URL(filePath: authority.path("site.conf")))
    return authority.path("site.conf")
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
    (try? String(contentsOfFile: authority.path("log"), encoding: .utf8)) ?? "no log"
  }

  /// A client of ours that calls through it.
  func makeClient() -> GRPCClient {
    GRPCClient(
      host: "127.0.0.1",
      port: port,
      security: .tls(ClientTLS(trustRoots: .pem(authority.roots))),
      group: MultiThreadedEventLoopGroup.singleton
    )
  }
}
