import CNghttp2

/// The fields of one HEADERS frame on their way out.
struct HeaderBlock: Sendable {
  private struct Field {
    let nameEnd: Int
    let valueEnd: Int
  }

  private var bytes: [UInt8] = []
  private var fields: [Field] = []

  mutating func add(_ name: String, _ value: String) {
    add(name, value.utf8)
  }

  mutating func add(_ name: String, _ value: some Sequence<UInt8>) {
    bytes.append(contentsOf: name.utf8)
    let nameEnd = bytes.count
    bytes.append(contentsOf: value)
    fields.append(Field(nameEnd: nameEnd, valueEnd: bytes.count))
  }

  mutating func add(_ metadata: Metadata) {
    for entry in metadata {
      switch entry.value {
      case .text(let text): add(entry.key, text)
      case .binary(let bytes): add(entry.key, Metadata.encodeBase64(bytes))
      }
    }
  }

  mutating func add(_ other: HeaderBlock) {
    let start = bytes.count
    bytes.append(contentsOf: other.bytes)
    for field in other.fields {
      fields.append(Field(nameEnd: start + field.nameEnd, valueEnd: start + field.valueEnd))
    }
  }

  /// Lends the fields as nghttp2 takes them; the library copies what it needs during the call.
  func withFields<Result>(
    _ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result
  ) -> Result {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: fields.count) { list in
        let base = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress)
        var start = 0
        for (index, field) in fields.enumerated() {
          unsafe list.initializeElement(
            at: index,
            to: nghttp2_nv(
              name: base.map { unsafe $0 + start },
              value: base.map { unsafe $0 + field.nameEnd },
              namelen: field.nameEnd - start,
              valuelen: field.valueEnd - field.nameEnd,
              flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)
            )
          )
          start = field.valueEnd
        }
        return unsafe body(UnsafePointer(list.baseAddress), fields.count)
      }
    }
  }
}

extension HeaderBlock {
  /// The HEADERS that open an answer.
  ///
  /// - Parameters:
  ///   - metadata: The call's own fields.
  ///   - compression: What its messages may be compressed with.
  ///   - isToCompressed: Whether it answers a caller who compresses, and so is told with what he
  ///     may.
  /// - Returns: All fields.
  static func response(
    _ metadata: Metadata,
    compression: Compression,
    isToCompressed: Bool
  ) -> HeaderBlock {
    var block =
      compression == .gzip ? gzipResponse : isToCompressed ? acceptingResponse : plainResponse
    if metadata.isEmpty { return block }
    block.add(metadata)
    return block
  }

  /// The trailers that end an answer; `nil` is success.
  static func trailers(_ error: RPCError?, _ metadata: Metadata) -> HeaderBlock {
    if error == nil, metadata.isEmpty { return plainSuccess }
    var block = HeaderBlock()
    block.addStatus(error, metadata)
    return block
  }

  /// Response headers and trailers in one: an answer without a message.
  static func trailersOnly(_ error: RPCError?, _ metadata: Metadata) -> HeaderBlock {
    var block = plainResponse
    block.addStatus(error, metadata)
    return block
  }

  /// The longest message of a status, in bytes of UTF-8.
  static let messageLimit = 1_024
  /// The longest details of a status, in bytes: encoded and with the message they stay below
  /// 16 KiB, which is what peers take; a longer block nghttp2 would not send, and the call had no
  /// end.
  static let detailsLimit = 8_192

  private mutating func addStatus(_ error: RPCError?, _ metadata: Metadata) {
    add("grpc-status", String(error?.code.rawValue ?? 0))
    if let error {
      if !error.message.isEmpty {
        add("grpc-message", StatusMessage.encode(error.message, limit: HeaderBlock.messageLimit))
      }
      if !error.details.isEmpty, error.details.count <= HeaderBlock.detailsLimit {
        add("grpc-status-details-bin", Metadata.encodeBase64(error.details))
      }
      add(error.metadata)
    }
    add(metadata)
  }

  private static let plainResponse: HeaderBlock = {
    var block = HeaderBlock()
    block.add(":status", "200")
    block.add("content-type", "application/grpc")
    return block
  }()

  private static let acceptingResponse: HeaderBlock = {
    var block = plainResponse
    block.add("grpc-accept-encoding", Compression.accepted)
    return block
  }()

  private static let gzipResponse: HeaderBlock = {
    var block = acceptingResponse
    block.add("grpc-encoding", Compression.gzip.rawValue)
    return block
  }()

  private static let plainSuccess: HeaderBlock = {
    var block = HeaderBlock()
    block.add("grpc-status", "0")
    return block
  }()
}
