extension Span where Element == UInt8 {
  /// Whether these bytes are those of `text`.
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in 0..<count where unsafe self[index] != text.utf8Start[index] { return false }
    return true
  }

  /// Whether these bytes begin with those of `text`.
  func starts(with text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && extracting(first: text.utf8CodeUnitCount).equals(text)
  }

  /// The text; what is not UTF-8 is replaced.
  var text: String {
    unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Whether this is a content type of gRPC, of any message format.
  var isGRPCContentType: Bool {
    guard starts(with: "application/grpc") else { return false }
    guard count > 16 else { return true }
    return self[16] == UInt8(ascii: "+") || self[16] == UInt8(ascii: ";")
  }
}
