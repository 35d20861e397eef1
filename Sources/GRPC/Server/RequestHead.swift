/// The server's half of a call, up to its handler: what the request's headers ask for.
///
/// No I/O and no clock. Each field is taken once, in `receive`, and after the last comes `end`;
/// `refusal` then says whether a handler may see the call. Every wrong field is the peer's fault
/// and refuses the call; fields that this end does not know are metadata.
///
/// One head is used for request after request, each from `begin` on: its buffers stay, and so does
/// the metadata that callers send unchanged with every call.
struct RequestHead {
  /// An answer before any handler.
  enum Refusal: Equatable {
    /// Not a gRPC request at all: an HTTP status alone.
    case http(Int)
    case rpc(RPCError)
  }

  private(set) var path: [UInt8] = []
  private(set) var timeout: Duration?
  private(set) var metadata = Metadata()
  /// What the messages of the request may be compressed with.
  private(set) var compression = Compression.identity
  /// Whether the answers may be compressed.
  private(set) var acceptsGzip = false

  private let limit: Int
  private var byteCount = 0
  private var isPost = false
  private var isGRPC = false
  private var problem: RPCError?
  /// The fields that are metadata, names and values each with a NUL behind, which neither can hold
  /// (RFC 9113 section 8.2.1).
  private var fields: [UInt8] = []
  /// Those that `metadata` was made of.
  private var latestFields: [UInt8] = []
  private var isOverLimit = false

  /// - Parameter limit: of the header list, in bytes as RFC 9113 section 6.5.2 counts them.
  init(limit: Int) {
    self.limit = limit
  }

  /// Forgets all of the request before.
  mutating func begin() {
    path.removeAll(keepingCapacity: true)
    timeout = nil
    compression = .identity
    acceptsGzip = false
    byteCount = 0
    isPost = false
    isGRPC = false
    problem = nil
    isOverLimit = false
    fields.removeAll(keepingCapacity: true)
  }

  mutating func receive(name: Span<UInt8>, value: Span<UInt8>) {
    byteCount += name.count + value.count + 32
    guard byteCount <= limit else {
      // A small block can hold very many fields that refer to the table.
      guard !isOverLimit else { return }
      isOverLimit = true
      problem = RPCError(.resourceExhausted, "the headers are over the limit of \(limit) bytes")
      return
    }
    guard name.count > 0 else { return }
    if name[0] == UInt8(ascii: ":") {
      if name.equals(":path") {
        path.append(value)
      } else if name.equals(":method") {
        isPost = value.equals("POST")
      }
    } else if name.equals("content-type") {
      isGRPC = value.isGRPCContentType
    } else if name.equals("te") {
      return
    } else if name.equals("grpc-accept-encoding") {
      acceptsGzip = acceptsGzip || Compression.isGzip(in: value)
    } else if name.equals("grpc-timeout") {
      timeout = Timeout.decode(value)
      if timeout == nil { problem = RPCError(.internalError, "malformed grpc-timeout") }
    } else if name.equals("grpc-encoding") {
      receive(encoding: value)
    } else {
      fields.append(name)
      fields.append(0)
      fields.append(value)
      fields.append(0)
    }
  }

  /// All fields are there.
  mutating func end() {
    guard fields != latestFields else { return }
    metadata = Metadata()
    latestFields = fields
    let parts = fields.split(separator: 0, omittingEmptySubsequences: false)
    for index in stride(from: 0, to: parts.count - 1, by: 2) {
      let name = String(decoding: parts[index], as: UTF8.self)
      let value = String(decoding: parts[index + 1], as: UTF8.self)
      if !metadata.receive(value, for: name) {
        problem = RPCError(.internalError, "malformed binary metadata: \(name)")
        metadata = Metadata()
        return latestFields = []
      }
    }
  }

  private mutating func receive(encoding: Span<UInt8>) {
    if let compression = Compression(encoding) { return self.compression = compression }
    let (unknown, accepted) = (encoding.text, Compression.accepted)
    var error = RPCError(
      .unimplemented,
      "unknown grpc-encoding \(unknown); accepted are \(accepted)"
    )
    _ = error.metadata.receive(accepted, for: "grpc-accept-encoding")
    problem = error
  }

  /// Why no handler may see this call; `nil` if one may.
  var refusal: Refusal? {
    // Fields that came after the limit were not looked at, so that it speaks first.
    if let problem, isOverLimit { return .rpc(problem) }
    guard isPost else { return .http(405) }
    guard isGRPC else { return .http(415) }
    return problem.map { .rpc($0) }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
