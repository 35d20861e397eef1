extension Source {
  /// Writes an enum as an open struct.
  mutating func write(_ type: Request.Enum) {
    line("")
    comment(type.comment)
    block("package struct \(Names.type(type.name, suffix: "Enum")): ProtobufEnum") { source in
      var names: [String] = []
      var numbers: Set<Int32> = []
      for value in type.values {
        source.comment(value.comment)
        let member = Names.value(value.name, of: type.name)
        source.line("package static let \(member) = Self(rawValue: \(value.number))")
        if numbers.insert(value.number).inserted {
          names.append("\(value.number): \"\(value.name)\"")
        }
      }
      source.line("", "package static let names: [Int32: String] = [")
      for name in names { source.line("  \(name),") }
      source.line("]", "", "package let rawValue: Int32", "")
      source.block("package init(rawValue: Int32)") { $0.line("self.rawValue = rawValue") }
    }
  }
}
