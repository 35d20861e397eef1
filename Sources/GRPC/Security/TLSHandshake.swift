import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind the TLS handler until the handshake has ended well and HTTP/2 was agreed on, and
/// then puts the connection in its own place.
///
/// So a peer that is nobody yet costs no HTTP/2 session.
final class TLSHandshake: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let tls: NIOSSLHandler
  private let time: TimeAmount
  private let makeHandler: (PeerCertificate?) throws -> any ChannelHandler
  private let refused: (SecurityError) -> Void
  private var timer: Scheduled<Void>?
  private var isOver = false

  /// - Parameters:
  ///   - tls: The handler before this one.
  ///   - time: How long the handshake may take.
  ///   - makeHandler: Makes what comes after the handshake.
  ///   - refused: Told, once, why nothing comes after it.
  init(
    _ tls: NIOSSLHandler,
    within time: Duration,
    makeHandler: @escaping (PeerCertificate?) throws -> any ChannelHandler,
    refused: @escaping (SecurityError) -> Void
  ) {
    self.tls = tls
    self.time = TimeAmount(time)
    self.makeHandler = makeHandler
    self.refused = refused
  }

  func handlerAdded(context: ChannelHandlerContext) {
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
      self.fail("it took longer than \(self.time)", context)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .handshakeCompleted(let agreed)? = event as? TLSUserEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    guard !isOver else { return }
    guard agreed == "h2" else {
      return fail("the peer did not agree on h2 by ALPN but on \(agreed ?? "nothing")", context)
    }
    do {
      let handler = try makeHandler(tls.peerCertificate.map(PeerCertificate.init))
      isOver = true
      let pipeline = context.pipeline.syncOperations
      try pipeline.addHandler(handler, position: .after(self))
      pipeline.removeHandler(self, promise: nil)
    } catch {
      fail("\(error)", context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(TLSFailure.reason(error), context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    // A peer that closes is an error before.
    fail("this end closed the connection", context)
    context.fireChannelInactive()
  }

  private func fail(_ reason: String, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    refused(SecurityError("the TLS handshake failed: \(reason)"))
    context.close(promise: nil)
  }
}
