import Crypto
import Foundation

/// What the command line remembers between two commands: where the services are and how they are
/// reached, and who works.
struct Profile: Codable, Equatable, Sendable {
  var identity = "127.0.0.1:7411"
  var records = "127.0.0.1:7412"
  var signing = "127.0.0.1:7413"
  var reporting = "127.0.0.1:7414"
  var login = ""
  /// A file with the password, to sign in anew with when the token has ended.
  var passwordFile: String?
  var token: String?
  /// When `token` ends, seconds since 1970.
  var tokenExpiry: Int?
  /// PEM files: whose servers are believed, `nil` for the system's authorities; and what is shown
  /// to a server that asks.
  var authorityFile: String?
  var certificateFile: String?
  var keyFile: String?
  /// Whether there is no TLS.
  var plaintext: Bool?
  /// PEM files that `verify` trusts unless told otherwise.
  var trustFile: String?
  var revocationFile: String?

  /// Where the profile is: `$HOCBA_PROFILE`; else `.hocba/profile.json` in the working folder or
  /// the nearest above it that has one; else `~/.config/hocba/profile.json`.
  static func path(
    environment: [String: String],
    workingFolder: String,
    exists: (String) -> Bool
  ) -> String {
    if let named = environment["HOCBA_PROFILE"], !named.isEmpty { return named }
    var folder = workingFolder
    while folder.hasPrefix("/") {
      let candidate = (folder == "/" ? "" : folder) + "/.hocba/profile.json"
      if exists(candidate) { return candidate }
      if folder == "/" { break }
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "/"
      if folder.isEmpty { folder = "/" }
    }
    return (environment["HOME"] ?? "") + "/.config/hocba/profile.json"
  }

  /// Where the profile of this process is.
  static var currentPath: String {
    path(
      environment: ProcessInfo.processInfo.environment,
      workingFolder: FileManager.default.currentDirectoryPath,
      exists: FileManager.default.fileExists(atPath:)
    )
  }

  /// Reads a profile; a fresh one if there is none.
  static func read(_ path: String) throws -> Profile {
    guard FileManager.default.fileExists(atPath: path) else { return Profile() }
    let data = Data(try text(of: path).utf8)
    do {
      return try JSONDecoder().decode(Profile.self, from: data)
    } catch {
      throw Failure(
        words(
          "\(path) không phải là một hồ sơ hợp lệ (JSON): hãy sửa, hoặc xoá rồi chạy `hocba login`.",
          "\(path) is no valid profile (JSON): correct it, or remove it and run `hocba login`."
        )
      )
    }
  }

  /// Writes the profile for its owner alone.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try SecretFile.write([UInt8](encoder.encode(self)), to: path)
  }
}

extension Profile {
  /// What a profile that somebody has written by hand leaves out is as in a fresh one.
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    identity = try values.decodeIfPresent(String.self, forKey: .identity) ?? identity
    records = try values.decodeIfPresent(String.self, forKey: .records) ?? records
    signing = try values.decodeIfPresent(String.self, forKey: .signing) ?? signing
    reporting = try values.decodeIfPresent(String.self, forKey: .reporting) ?? reporting
    login = try values.decodeIfPresent(String.self, forKey: .login) ?? login
    passwordFile = try values.decodeIfPresent(String.self, forKey: .passwordFile)
    token = try values.decodeIfPresent(String.self, forKey: .token)
    tokenExpiry = try values.decodeIfPresent(Int.self, forKey: .tokenExpiry)
    authorityFile = try values.decodeIfPresent(String.self, forKey: .authorityFile)
    certificateFile = try values.decodeIfPresent(String.self, forKey: .certificateFile)
    keyFile = try values.decodeIfPresent(String.self, forKey: .keyFile)
    plaintext = try values.decodeIfPresent(Bool.self, forKey: .plaintext)
    trustFile = try values.decodeIfPresent(String.self, forKey: .trustFile)
    revocationFile = try values.decodeIfPresent(String.self, forKey: .revocationFile)
  }
}

/// Files that only their owner reads.
enum SecretFile {
  /// Writes a file of mode 0600, making its folder if need be; never readable by others in between.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let files = FileManager.default
    let url = URL(filePath: path)
    try files.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    let fresh = path + ".new"
    try? files.removeItem(atPath: fresh)
    guard
      files.createFile(
        atPath: fresh,
        contents: Data(bytes),
        attributes: [.posixPermissions: 0o600]
      )
    else {
      throw Failure(words("Không ghi được \(path).", "Cannot write \(path)."))
    }
    // A crash between the two leaves the new one beside, never half of one.
    if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
    try files.moveItem(atPath: fresh, toPath: path)
  }

  /// Reads a password: the first line of a file.
  static func password(_ path: String) throws -> String {
    guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8),
      let line = text.split(whereSeparator: \.isNewline).first
    else {
      throw Failure(
        words("Không đọc được mật khẩu trong \(path).", "Cannot read a password from \(path).")
      )
    }
    return line.trimmingCharacters(in: .whitespaces)
  }

  /// The first password of a new account: that of the file, which is made if it is not there.
  ///
  /// It is on disk before the account is: a crash in between leaves a password without an account,
  /// never an account without its password.
  static func firstPassword(_ path: String) throws -> String {
    if let kept = try? password(path) { return kept }
    let fresh = Base64.encodeURL(try Random.bytes(18))
    try write(Array((fresh + "\n").utf8), to: path)
    return fresh
  }
}
