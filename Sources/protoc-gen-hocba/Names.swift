/// From names of a `.proto` to those of Swift and of protobuf-c's C.
enum Names {
  private static let acronyms: [String: String] = [
    "api": "API", "csv": "CSV", "der": "DER", "grpc": "GRPC", "http": "HTTP", "id": "ID",
    "ids": "IDs", "json": "JSON", "pdf": "PDF", "rpc": "RPC", "sql": "SQL", "tls": "TLS",
    "uri": "URI", "url": "URL", "urls": "URLs", "xml": "XML",
  ]

  private static let keywords: Set<String> = [
    "Any", "Self", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default",
    "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate",
    "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
    "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
    "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while",
  ]

  /// Type names that generated code uses, or that Swift does not let a nested type have.
  private static let reserved: Set<String> = [
    "Array", "Bool", "Dictionary", "Double", "Float", "Int32", "Int64", "Optional", "Protocol",
    "Self", "String", "Type", "UInt32", "UInt64", "UInt8",
  ]

  /// The namespace of a package: `hocba.records.v1` is `RecordsV1`, `google.rpc` is `GoogleRPC`.
  static func namespace(_ package: String) -> String {
    let parts = package.split(separator: ".")
    return parts.drop { $0 == "hocba" }.map { words(String($0)).joined() }.joined()
  }

  /// A property, case or function: `request_id` is `requestID`.
  static func member(_ name: String) -> String {
    var words = words(name)
    guard !words.isEmpty else { return escaped(name) }
    words[0] = words[0].lowercased()
    let joined = words.joined()
    return escaped(joined.first?.isNumber == true ? "_" + joined : joined)
  }

  /// A method: `GetMark` is `getMark`.
  static func method(_ name: String) -> String {
    let capitals = name.prefix { $0.isUppercase }.count
    let lowered = capitals > 1 && capitals < name.count ? capitals - 1 : capitals
    return escaped(name.prefix(lowered).lowercased() + name.dropFirst(lowered))
  }

  /// A type, which `suffix` tells from a type of Swift's where they would clash.
  static func type(_ name: String, suffix: String) -> String {
    let name = name.contains("_") ? words(name).joined() : name
    return escaped(reserved.contains(name) ? name + suffix : name)
  }

  /// A value of an enum, without the enum's name: `MARK_KIND_ORAL` of `MarkKind` is `oral`.
  static func value(_ name: String, of type: String) -> String {
    var prefix = ""
    for (index, character) in type.enumerated() {
      if character.isUppercase, index > 0 { prefix += "_" }
      prefix += character.uppercased()
    }
    prefix += "_"
    let short = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    return member((short.first?.isNumber == true ? name : short).lowercased())
  }

  /// What protoc-c makes of a part of a message's full name: `foo_bar` is `FooBar`.
  static func cType(_ part: String) -> String {
    part.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// What protoc-c makes of a part of a message's full name in lower case: `FooBAR` is `foo_bar`.
  static func cSymbol(_ part: String) -> String {
    var symbol = ""
    var wasUppercase = true
    for character in part {
      if character.isUppercase, !wasUppercase { symbol += "_" }
      symbol += character.lowercased()
      wasUppercase = character.isUppercase
    }
    return symbol
  }

  private static func words(_ name: String) -> [String] {
    name.split(separator: "_").map {
      acronyms[$0.lowercased()] ?? $0.prefix(1).uppercased() + $0.dropFirst()
    }
  }

  private static func escaped(_ name: String) -> String {
    // Not even backticks make these two a member or a parameter.
    if name == "self" || name == "init" { return name + "_" }
    return keywords.contains(name) ? "`\(name)`" : name
  }
}
