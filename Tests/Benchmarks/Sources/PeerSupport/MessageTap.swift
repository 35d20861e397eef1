package import NIOCore
import NIOHPACK
import NIOHTTP2
import Synchronization

/// Which messages of a call came compressed: what grpc-swift-2 does not tell.
///
/// A handler before grpc-swift-2's own, put there by its debugging callbacks, reads the prefixes of
/// the messages as they arrive. Calls are told apart by a header that it adds to the call's
/// metadata.
package final class MessageTap: Sendable {
  /// The header that names a call.
  package static let header = "x-peer-call"

  private struct Calls {
    var last = 0
    /// By the name of the call: one entry a message, `true` where it came compressed.
    var compressed: [String: [Bool]] = [:]
  }
  private let calls = Mutex(Calls())

  package init() {}

  /// Whether a message came compressed.
  ///
  /// - Parameters:
  ///   - index: Number of the message in its call, from 0.
  ///   - call: Value of ``header`` in the call's metadata.
  /// - Returns: `nil` where no such message came.
  package func isCompressed(message index: Int, of call: String) -> Bool? {
    calls.withLock { calls in
      let messages = calls.compressed[call] ?? []
      return messages.indices.contains(index) ? messages[index] : nil
    }
  }

  /// Watches a stream: the callback that grpc-swift-2 takes.
  package func watch(_ channel: any Channel) -> EventLoopFuture<Void> {
    let name = calls.withLock { calls in
      calls.last += 1
      return String(calls.last)
    }
    return channel.eventLoop.makeCompletedFuture {
      let handler = TapHandler(tap: self, call: name)
      try channel.pipeline.syncOperations.addHandler(handler, position: .first)
    }
  }

  fileprivate func note(call: String, isCompressed: Bool) {
    calls.withLock { $0.compressed[call, default: []].append(isCompressed) }
  }
}

/// Reads the length-prefixed messages of one stream, and passes everything on.
private final class TapHandler: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias InboundOut = HTTP2Frame.FramePayload

  private let tap: MessageTap
  private let call: String
  private var bytes = ByteBuffer()
  /// Bytes of the current message that have not come yet.
  private var missing = 0
  private var hasHeaders = false

  init(tap: MessageTap, call: String) {
    self.tap = tap
    self.call = call
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .headers(var headers) where !hasHeaders:
      hasHeaders = true
      headers.headers.replaceOrAdd(name: MessageTap.header, value: call)
      context.fireChannelRead(wrapInboundOut(.headers(headers)))
    case .data(let frame):
      if case .byteBuffer(var buffer) = frame.data { read(&buffer) }
      context.fireChannelRead(data)
    default:
      context.fireChannelRead(data)
    }
  }

  /// Each message is a flag, a length of four bytes and so many bytes
  /// (grpc/grpc doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message).
  private func read(_ buffer: inout ByteBuffer) {
    bytes.writeBuffer(&buffer)
    while true {
      let skipped = min(missing, bytes.readableBytes)
      bytes.moveReaderIndex(forwardBy: skipped)
      missing -= skipped
      guard missing == 0, let prefix = bytes.readMultipleIntegers(as: (UInt8, UInt32).self) else {
        break
      }
      tap.note(call: call, isCompressed: prefix.0 == 1)
      missing = Int(prefix.1)
    }
    bytes.discardReadBytes()
  }
}
