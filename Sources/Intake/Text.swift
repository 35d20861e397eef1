import Foundation

extension String {
  /// The text as it is stored: NFC, without invisible characters, white space folded to single
  /// spaces and cut at both ends.
  package var cleaned: String {
    if isClean { return self }
    var scalars = UnicodeScalarView()
    var isSpacePending = false
    for scalar in unicodeScalars {
      if scalar.properties.isWhitespace {
        isSpacePending = !scalars.isEmpty
      } else if !scalar.isInvisible {
        if isSpacePending { scalars.append(" ") }
        isSpacePending = false
        scalars.append(scalar)
      }
    }
    return String(scalars).precomposedStringWithCanonicalMapping
  }

  /// Whether it is for certain as it would be stored: single spaces between ASCII characters and
  /// composed letters of Latin, which all Vietnamese ones are.
  private var isClean: Bool {
    var isSpace = true
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x21...0x7E, 0xC0...0x24F, 0x1EA0...0x1EF9: isSpace = false
      case 0x20 where !isSpace: isSpace = true
      default: return false
      }
    }
    return !isSpace || isEmpty
  }

  /// The text in small ASCII letters where Vietnamese has accented ones, with `i` for `y`
  /// (*kì, kỳ*) and plain digits; other characters stay.
  var plain: String {
    var scalars = UnicodeScalarView()
    let small = cleaned.lowercased()
    let isASCII = small.utf8.allSatisfy { $0 < 0x80 }
    let letters = isASCII ? small : small.decomposedStringWithCanonicalMapping
    for scalar in letters.unicodeScalars {
      switch scalar {
      case "đ", "ð", "ɖ": scalars.append("d")
      case "y": scalars.append("i")
      case "–", "—", "‐", "‑": scalars.append("-")
      case _ where !scalar.isASCII && scalar.properties.generalCategory == .nonspacingMark: break
      default: scalars.append(scalar.halfWidth)
      }
    }
    return String(scalars)
  }

  /// The letters and digits of ``plain``: what headings and names of sheets are compared by.
  var key: String {
    let plain = plain
    guard plain.utf8.allSatisfy({ $0 < 0x80 }) else {
      return plain.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
    let bytes = plain.utf8.filter { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A code in whatever case, with whatever hyphens and spaces it was typed.
  var codeKey: String {
    String(cleaned.lowercased().compactMap { "–—‐‑".contains($0) ? "-" : $0 == " " ? nil : $0 })
  }

  /// A person's name as two people type it who mean the same: in small letters, and the tone of
  /// each word behind its letters, for `hòa` and `hoà` are one word.
  var nameKey: String {
    let words = cleaned.lowercased().split(separator: " ").map { word in
      var letters = String.UnicodeScalarView()
      var tones = String.UnicodeScalarView()
      for scalar in String(word).decomposedStringWithCanonicalMapping.unicodeScalars {
        if scalar.isTone { tones.append(scalar) } else { letters.append(scalar) }
      }
      return String(letters) + String(tones)
    }
    return words.joined(separator: " ").precomposedStringWithCanonicalMapping
  }

  /// Digits and signs of East Asian width as ordinary ones.
  var halfWidth: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var scalars = UnicodeScalarView()
    for scalar in unicodeScalars { scalars.append(scalar.halfWidth) }
    return String(scalars)
  }
}

extension Unicode.Scalar {
  /// Whether it only steers how text is shown.
  fileprivate var isInvisible: Bool {
    switch properties.generalCategory {
    case .format, .control: true
    default: false
    }
  }

  /// Whether it is one of the five tone marks: grave, acute, tilde, hook above, dot below.
  fileprivate var isTone: Bool { [0x300, 0x301, 0x303, 0x309, 0x323].contains(value) }

  /// The ASCII character of a full-width one (U+FF01…U+FF5E); any other as it is.
  fileprivate var halfWidth: Unicode.Scalar {
    guard (0xFF01...0xFF5E).contains(value) else { return self }
    return Unicode.Scalar(value - 0xFEE0) ?? self
  }
}
