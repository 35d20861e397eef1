import CZlib

/// Messages into gzip and back, by zlib.
enum Gzip {
  /// Why a message has no plain form.
  enum Failure: Error, Equatable {
    /// It is longer than the limit.
    case overLimit
    /// The caller does not want to hold as much.
    case refused
    /// The compressed bytes end too early.
    case truncated
    /// There are bytes after the end of the compressed ones.
    case trailingBytes
    /// Not gzip, or not with the right checksum and length.
    case damaged
    case noMemory
  }

  /// The plain form of `message`.
  ///
  /// What comes out is stored as it comes, whatever length the message claims. A second gzip member
  /// is trailing bytes, as it is to gRPC's C core.
  /// - Parameters:
  ///   - message: Some gzip.
  ///   - limit: The longest result, in bytes.
  ///   - mayHold: Asked as the result grows, with its bytes so far.
  /// - Returns: At most `limit` bytes.
  /// - Throws: Why there is no plain form.
  static func inflate(
    _ message: [UInt8],
    limit: Int,
    mayHold: (Int) -> Bool = { _ in true }
  ) throws(Failure) -> [UInt8] {
    try ZStream(.inflating).run(message, limit: limit, mayHold: mayHold)
  }

  /// The length that a message says of its plain form (RFC 1952, ISIZE); to be believed of nobody.
  static func claimedLength(of message: [UInt8]) -> Int {
    message.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// `message` as one gzip member; `nil` if that would not be shorter.
  static func deflate(_ message: [UInt8]) -> [UInt8]? {
    // Header, trailer and the least block of deflate take more.
    guard message.count > 20, message.count <= UInt32.max else { return nil }
    // A message that zlib has no memory for goes out as it is.
    return try? ZStream(.deflating(message.count))
      .run(message, limit: message.count - 1, mayHold: { _ in true })
  }
}

/// The owner of one `z_stream`, for one message.
///
/// `@safe`: the pointer is made in `init`, freed in `deinit` and never leaves; zlib needs it to
/// stay where it is, and so it is not a value of Swift's. `run` lends zlib the message and a
/// buffer, each with its length, for as long as a call takes.
@safe private struct ZStream: ~Copyable {
  enum Direction {
    case inflating
    /// So many bytes.
    case deflating(Int)
  }

  /// What zlib gives at a time, in bytes: its window, the furthest that it looks back.
  private static let pieceBytes = 32_768

  private let stream: UnsafeMutablePointer<z_stream>
  private let isInflating: Bool

  init(_ direction: Direction) throws(Gzip.Failure) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    let code: Int32
    switch direction {
    case .inflating:
      // 16 more: gzip and nothing else.
      code = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size)
    case .deflating(let count):
      // The window of a short message is no longer than it must be, the tables go with it: that is
      // 2 microseconds instead of 45 for 100 bytes.
      let bits = ZStream.windowBits(count)
      code = unsafe deflateInit2_(
        stream,
        Z_DEFAULT_COMPRESSION,
        Z_DEFLATED,
        bits + 16,
        bits - 7,
        Z_DEFAULT_STRATEGY,
        ZLIB_VERSION,
        size
      )
    }
    guard code == Z_OK else {
      unsafe stream.deallocate()
      throw .noMemory
    }
    unsafe self.stream = stream
    if case .inflating = direction { isInflating = true } else { isInflating = false }
  }

  deinit {
    _ = unsafe isInflating ? inflateEnd(stream) : deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The least window in which all of `count` bytes can be looked back upon; zlib keeps 262 of its
  /// window to itself.
  private static func windowBits(_ count: Int) -> Int32 {
    let needed = Int.bitWidth - (count + 261).leadingZeroBitCount
    return Int32(min(15, max(9, needed)))
  }

  /// Sends a whole message, of at most 4 GiB - 1, through.
  func run(
    _ message: [UInt8],
    limit: Int,
    mayHold: (Int) -> Bool
  ) throws(Gzip.Failure) -> [UInt8] {
    var output: [UInt8] = []
    let failure = unsafe message.withUnsafeBufferPointer { message in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: message.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(clamping: message.count)
      return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: ZStream.pieceBytes) {
        unsafe fill(&output, by: $0, limit: limit, mayHold)
      }
    }
    if let failure { throw failure }
    return output
  }

  private func fill(
    _ output: inout [UInt8],
    by piece: UnsafeMutableBufferPointer<UInt8>,
    limit: Int,
    _ mayHold: (Int) -> Bool
  ) -> Gzip.Failure? {
    while true {
      let room = min(piece.count, limit - output.count + 1)
      unsafe stream.pointee.next_out = piece.baseAddress
      unsafe stream.pointee.avail_out = UInt32(room)
      let code = unsafe isInflating ? inflate(stream, Z_NO_FLUSH) : deflate(stream, Z_FINISH)
      let count = room - Int(unsafe stream.pointee.avail_out)
      guard mayHold(output.count + count) else { return .refused }
      unsafe output.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<count]))
      guard output.count <= limit else { return .overLimit }
      switch code {
      case Z_STREAM_END:
        return unsafe stream.pointee.avail_in == 0 ? nil : .trailingBytes
      case Z_OK where count == room:
        continue
      case Z_OK, Z_BUF_ERROR:
        // There was room, so that it was bytes that were missing.
        return .truncated
      case Z_MEM_ERROR:
        return .noMemory
      default:
        return .damaged
      }
    }
  }
}
