import Foundation
import GRPC
import TestTools

/// A certification authority in a folder that goes with it.
final class TestAuthority: Sendable {
  let folder: URL

  /// What trusts it.
  var roots: PEM { .file(path("ca.crt")) }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let configuration = """
      [req]
      distinguished_name = dn
      [dn]
      [ca]
      default_ca = test
      [test]
      database = \(path("index"))
      new_certs_dir = \(folder.path(percentEncoded: false))
      certificate = \(path("ca.crt"))
      private_key = \(path("ca.key"))
      default_md = sha256
      policy = anything
      copy_extensions = copy
      unique_subject = no
      rand_serial = yes
      [anything]
      commonName = supplied
      """
    try Data(configuration.utf8).write(to: folder.appending(path: "ca.cnf"))
    try Data().write(to: folder.appending(path: "index"))
    try openssl(
      ["req", "-x509", "-config", path("ca.cnf"), "-days", "10", "-nodes", "-subj", "/CN=Root"]
        + ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-addext", "basicConstraints=critical,CA:TRUE"]
        + ["-keyout", path("ca.key"), "-out", path("ca.crt")]
    )
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A certificate that lasts from one day to another, years from now; `name` is its common name
  /// and that of its files.
  func issue(
    _ name: String,
    names: String = "DNS:localhost,IP:127.0.0.1",
    use: String = "serverAuth,clientAuth",
    key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    years: ClosedRange<Int> = -1...10
  ) throws -> TLSIdentity {
    try openssl(
      ["req", "-new", "-config", path("ca.cnf"), "-nodes", "-subj", "/CN=\(name)"]
        + ["-addext", "subjectAltName=\(names)", "-addext", "extendedKeyUsage=\(use)"]
        + ["-newkey"] + key + ["-keyout", path("\(name).key"), "-out", path("\(name).csr")]
    )
    let now = Calendar(identifier: .gregorian).component(.year, from: Date())
    try openssl(
      ["ca", "-batch", "-notext", "-config", path("ca.cnf"), "-in", path("\(name).csr")]
        + ["-startdate", "\(now + years.lowerBound)0101000000Z"]
        + ["-enddate", "\(now + years.upperBound)0101000000Z", "-out", path("\(name).crt")]
    )
    return TLSIdentity(
      certificateChain: .file(path("\(name).crt")),
      privateKey: .file(path("\(name).key"))
    )
  }

  func path(_ name: String) -> String {
    folder.appending(path: name).path(percentEncoded: false)
  }

  /// Puts what another file holds in the place of one of this folder, at once.
  func replace(_ name: String, by other: String) throws {
    let content = try Data(contentsOf: URL(filePath: other))
    try content.write(to: folder.appending(path: name), options: .atomic)
  }

  private func openssl(_ arguments: [String]) throws {
    let (status, output) = try Shell.run(["openssl"] + arguments)
    guard status == 0 else { throw TestFailure(output) }
  }
}
