/// The client's half of a call: what the response's header blocks and its end mean.
///
/// Blocks come in the order of HTTP/2: any number of interim ones (1xx), one of headers, and after
/// the messages one of trailers; or one that is headers and trailers in one. What a server does
/// otherwise ends the call with a status that says so; a status that came is never overruled.
struct ResponseHead {
  /// What a complete block was.
  enum Block: Equatable {
    case interim
    case headers
    case end
  }

  private(set) var initialMetadata = Metadata()
  /// What the messages may be compressed with.
  private(set) var compression = Compression.identity
  private(set) var trailingMetadata = Metadata()
  /// How the call ended, as far as the server has said.
  private(set) var outcome: Result<Void, RPCError>?

  private let limit: Int
  private var hasHeaders = false
  private var block = Fields()

  private struct Fields {
    var byteCount = 0
    var httpStatus = 0
    var isGRPC = false
    /// `nil`: one that this module cannot read.
    var compression: Compression? = .identity
    var code: RPCCode?
    var message = ""
    var details: [UInt8] = []
    var metadata = Metadata()
  }

  /// - Parameter limit: of one header list, in bytes as RFC 9113 section 6.5.2 counts them.
  init(limit: Int) {
    self.limit = limit
  }

  mutating func receive(name: Span<UInt8>, value: Span<UInt8>) {
    block.byteCount += name.count + value.count + 32
    guard block.byteCount <= limit else {
      return end(.resourceExhausted, "the headers are over the limit of \(limit) bytes")
    }
    if name.equals(":status") {
      block.httpStatus = Int(value.text) ?? 0
    } else if name.equals("content-type") {
      block.isGRPC = value.isGRPCContentType
    } else if name.equals("grpc-status") {
      block.code = Int(value.text).flatMap { (0...16).contains($0) ? RPCCode(rawValue: $0) : nil }
      if block.code == nil { block.code = .unknown }
    } else if name.equals("grpc-message") {
      block.message = StatusMessage.decode(value)
    } else if name.equals("grpc-status-details-bin") {
      block.details = Metadata.decodeBase64(value.text) ?? []
    } else if name.equals("grpc-accept-encoding") {
      return
    } else if name.equals("grpc-encoding") {
      block.compression = Compression(value)
    } else {
      // A binary value that is not base64 is left out: it must not hide the status.
      _ = block.metadata.receive(value.text, for: name.text)
    }
  }

  /// A block is complete; `isLast` if it ended the server's half.
  mutating func endBlock(isLast: Bool) -> Block {
    defer { block = Fields() }
    if hasHeaders || isLast {
      if !hasHeaders { checkHeaders(isTrailersOnly: block.code != nil) }
      trailingMetadata = block.metadata
      endWithStatus()
      return .end
    }
    if (100..<200).contains(block.httpStatus) { return .interim }
    hasHeaders = true
    initialMetadata = block.metadata
    checkHeaders(isTrailersOnly: false)
    return outcome == nil ? .headers : .end
  }

  private mutating func checkHeaders(isTrailersOnly: Bool) {
    guard !isTrailersOnly else { return }
    if block.httpStatus != 200 {
      end(RPCCode(httpStatus: block.httpStatus), "HTTP status \(block.httpStatus)")
    } else if !block.isGRPC {
      end(.unknown, "the response is not of content-type application/grpc")
    } else if let compression = block.compression {
      self.compression = compression
    } else {
      let accepted = Compression.accepted
      end(.internalError, "the response's grpc-encoding was not offered; offered are \(accepted)")
    }
  }

  private mutating func endWithStatus() {
    guard let code = block.code else {
      return end(.unknown, "the response ended without a grpc-status")
    }
    guard outcome == nil else { return }
    outcome =
      code == .ok
      ? .success(())
      : .failure(
        RPCError(
          code,
          block.message,
          details: block.details,
          metadata: block.metadata
        )
      )
  }

  /// The call is over without the server's status.
  mutating func end(_ code: RPCCode, _ message: String) {
    if outcome == nil { outcome = .failure(RPCError(code, message)) }
  }
}
