/// How messages are compressed on their way, each by itself.
///
/// Source: grpc/grpc `doc/compression.md`. "deflate", which that page also names, is not spoken
/// here: every peer that has it has gzip as well.
package enum Compression: String, Sendable {
  /// Not at all.
  case identity
  /// RFC 1952.
  case gzip

  /// What this module reads, as `grpc-accept-encoding` lists it.
  static let accepted = "identity,gzip"

  /// What a `grpc-encoding` names, `nil` if this module cannot read it.
  init?(_ encoding: Span<UInt8>) {
    if encoding.equals("gzip") {
      self = .gzip
    } else if encoding.equals("identity") {
      self = .identity
    } else {
      return nil
    }
  }

  /// Whether gzip is in the list of a `grpc-accept-encoding`.
  static func isGzip(in list: Span<UInt8>) -> Bool {
    var start = 0
    for index in 0...list.count {
      guard index == list.count || list[index] == UInt8(ascii: ",") else { continue }
      while start < index, list[start] == UInt8(ascii: " ") { start += 1 }
      var end = index
      while end > start, list[end - 1] == UInt8(ascii: " ") { end -= 1 }
      if list.extracting(start..<end).equals("gzip") { return true }
      start = index + 1
    }
    return false
  }
}

/// A message in the form that travels, without its prefix.
struct WireMessage: Sendable, Equatable {
  let bytes: [UInt8]
  /// The Compressed-Flag of its prefix.
  let isCompressed: Bool

  init(_ bytes: [UInt8], isCompressed: Bool = false) {
    self.bytes = bytes
    self.isCompressed = isCompressed
  }
}
