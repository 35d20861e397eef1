/// Textual encodings of PKIX (RFC 7468).
package enum PEM {
  /// The contents of all blocks whose label ends with `label`, in order.
  package static func blocks(_ label: String, in text: String) throws(CryptoError) -> [[UInt8]] {
    var blocks: [[UInt8]] = []
    var open: (end: String, base64: String)?
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.trimmingSuffix()
      if let (end, base64) = open {
        guard line == end else {
          open = (end, base64 + line)
          continue
        }
        guard let bytes = Base64.decode(base64) else { throw .malformed("PEM \(label)") }
        blocks.append(bytes)
        open = nil
      } else if line.hasPrefix("-----BEGIN "), line.hasSuffix("\(label)-----") {
        open = ("-----END " + line.dropFirst(11), "")
      }
    }
    guard open == nil else { throw .malformed("PEM \(label) without its end") }
    return blocks
  }

  /// One block, with lines of 64 characters.
  package static func encode(_ bytes: [UInt8], as label: String) -> String {
    let base64 = Array(Base64.encode(bytes).utf8)
    let lines = stride(from: 0, to: base64.count, by: 64).map {
      String(decoding: base64[$0..<min($0 + 64, base64.count)], as: UTF8.self) + "\n"
    }
    return "-----BEGIN \(label)-----\n\(lines.joined())-----END \(label)-----\n"
  }
}

extension Substring {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
