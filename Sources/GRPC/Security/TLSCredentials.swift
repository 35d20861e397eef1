import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// What the new connections of one end begin with, made anew when the files behind it have changed.
final class TLSCredentials: Sendable {
  private let identity: TLSIdentity?
  private let roots: PEM?
  private let verification: CertificateVerification
  private let state = Mutex(State())

  private struct State {
    var context: NIOSSLContext?
    var material: Material?
    var complaint: SecurityError?
  }

  /// The bytes that a context is made of.
  private struct Material: Equatable {
    var chain: [UInt8]?
    var key: [UInt8]?
    var roots: [UInt8]?
  }

  /// - Parameters:
  ///   - identity: What this end shows, if anything.
  ///   - roots: What the peer's certificate leads to; `nil`: the system's roots.
  ///   - verification: Whether the peer needs a certificate.
  init(identity: TLSIdentity?, roots: PEM?, verification: CertificateVerification) {
    self.identity = identity
    self.roots = roots
    self.verification = verification
  }

  /// What was loaded last.
  var context: NIOSSLContext? { state.withLock { $0.context } }

  /// Looks at the files, away from the event loops, and returns what is to be used.
  ///
  /// - Throws: `SecurityError` if they cannot be used and there is nothing from before.
  func refresh(_ logger: Logger?) async throws -> NIOSSLContext {
    try await NIOThreadPool.singleton.runIfActive { try self.load(logger) }
  }

  /// As the other one, for those who wait on an event loop.
  func refresh(_ logger: Logger?, on eventLoop: any EventLoop) -> EventLoopFuture<NIOSSLContext> {
    NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { try self.load(logger) }
  }

  private func load(_ logger: Logger?) throws(SecurityError) -> NIOSSLContext {
    do {
      let material = try read()
      let current = state.withLock { state in
        // A good file that is put back ends the complaint about the bad one.
        if state.material == material { state.complaint = nil }
        return state.material == material ? state.context : nil
      }
      if let current { return current }
      let context = try make(material)
      let isFirst = state.withLock { state in
        defer { state = State(context: context, material: material) }
        return state.context == nil
      }
      if !isFirst { logger?.notice("new certificates are in use") }
      return context
    } catch {
      let (context, isNews) = state.withLock { state in
        defer { state.complaint = error }
        return (state.context, state.complaint != error)
      }
      guard let context else { throw error }
      if isNews {
        logger?.error("new certificates are not used", metadata: ["reason": "\(error)"])
      }
      return context
    }
  }

  private func read() throws(SecurityError) -> Material {
    Material(
      chain: try identity?.certificateChain.read(),
      key: try identity?.privateKey.read(),
      roots: try roots?.read()
    )
  }

  private func make(_ material: Material) throws(SecurityError) -> NIOSSLContext {
    // Nothing in it is of one end only.
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.cipherSuiteValues = TLSCredentials.cipherSuites
    configuration.applicationProtocols = ["h2"]
    configuration.certificateVerification = verification
    configuration.sendCANameList = true
    configuration.shutdownTimeout = .seconds(1)
    if let bytes = material.roots, let roots {
      configuration.trustRoots = .certificates(try certificates(bytes, roots))
    }
    if let chain = material.chain, let bytes = material.key, let identity {
      configuration.certificateChain = try certificates(chain, identity.certificateChain)
        .map { .certificate($0) }
      guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
        throw SecurityError("\(identity.privateKey.name) holds no key that can be read")
      }
      configuration.privateKey = .privateKey(key)
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch NIOSSLError.failedToLoadPrivateKey {
      let key = identity?.privateKey.name ?? ""
      throw SecurityError("\(key) is not the key of \(identity?.certificateChain.name ?? "")")
    } catch {
      throw SecurityError("the certificates cannot be used: \(TLSFailure.reason(error))")
    }
  }

  private func certificates(
    _ bytes: [UInt8],
    _ source: PEM
  ) throws(SecurityError) -> [NIOSSLCertificate] {
    guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty
    else { throw SecurityError("\(source.name) holds no certificates that can be read") }
    return certificates
  }

  /// Of TLS 1.2, those with ephemeral keys and authenticated encryption.
  ///
  /// RFC 9113 appendix A leaves these; TLS 1.3 has no others.
  private static let cipherSuites: [NIOTLSCipher] = [
    .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  ]
}
