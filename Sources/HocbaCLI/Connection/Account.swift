import API
import GRPC
import ServiceKit

/// A person who is signed in, and is signed in anew when the token is about to end.
actor Account {
  let login: String
  private let sessions: IdentityV1.SessionServiceClient
  private let password: String?
  private var token: String?
  private var expiry: Int
  /// What sign-in said; `nil` while a token of before is in use.
  private(set) var session: IdentityV1.Session?

  /// Nobody is signed in yet; `token` is an access token of before with its end, seconds since
  /// 1970.
  init(
    _ login: String,
    password: String?,
    token: (text: String, expiry: Int)? = nil,
    at identity: GRPCClient
  ) {
    self.login = login
    self.password = password
    self.token = token?.text
    expiry = token?.expiry ?? 0
    sessions = IdentityV1.SessionServiceClient(identity)
  }

  /// What the services are called with: the token, and a limit of time.
  func options() async throws -> CallOptions {
    var options = CallOptions(timeout: Self.patience)
    // A token that ends while a call is under way is as good as none.
    if token == nil || expiry <= ServiceClock.system.seconds + 30 { try await signIn() }
    if let token { options.metadata.add("Bearer " + token, for: "authorization") }
    return options
  }

  /// Signs in with the password.
  @discardableResult
  func signIn() async throws -> IdentityV1.Session {
    guard let password else {
      throw Failure(
        words(
          "Chưa đăng nhập, hoặc phiên đã hết hạn: hãy chạy `hocba login`.",
          "Not signed in, or the session has ended: run `hocba login`."
        )
      )
    }
    let session = try await sessions.signIn(
      .init(login: login, password: password),
      options: CallOptions(timeout: Self.patience)
    )
    token = session.accessToken
    expiry = Int(session.expireTime?.seconds ?? 0)
    self.session = session
    return session
  }

  /// Longer than any single call of ours takes on a slow machine.
  private static let patience = Duration.seconds(120)
}
