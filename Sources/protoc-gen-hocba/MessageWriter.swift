/// Writes a message as a struct.
struct MessageWriter {
  private let message: Request.Message
  private let generator: Generator
  private let names: TypeNames
  private let fields: [FieldWriter]
  private let access: String

  init(_ message: Request.Message, generator: Generator) throws(Refusal) {
    self.message = message
    self.generator = generator
    names = try generator.names(message.fullName)
    var fields: [FieldWriter] = []
    for field in message.fields { fields.append(try FieldWriter(field, of: message, generator)) }
    self.fields = fields
    access = message.isMapEntry ? "" : "package "
  }

  /// Writes the message with all that is declared in it.
  func write(to source: inout Source) throws(Refusal) {
    source.line("")
    source.comment(message.comment)
    let head =
      message.isMapEntry
      ? "fileprivate struct \(Names.type(message.name, suffix: "Message")): MapEntry"
      : "package struct \(Names.type(message.name, suffix: "Message")): "
        + "ProtobufMessage, GRPC.Message"
    try source.block(head) { (source) throws(Refusal) in
      for property in properties {
        source.comment(property.comment)
        source.line("\(access)var \(property.name): \(property.type)\(property.initialValue)")
      }
      if !properties.isEmpty { source.line("") }
      source.line("\(access)init() {}")
      writeMemberwiseInit(to: &source)
      for type in message.enums { source.write(type) }
      for index in message.oneofs.indices { writeOneof(index, to: &source) }
      for nested in message.messages {
        try MessageWriter(nested, generator: generator).write(to: &source)
      }
      writeCodec(to: &source)
    }
  }

  private struct Property {
    var name: String
    var type: String
    var comment: String
    var defaultValue: String
    var initialValue: String { defaultValue == "nil" ? "" : " = \(defaultValue)" }
  }

  /// The fields and oneofs, in the order of the `.proto`.
  private var properties: [Property] {
    var properties: [Property] = []
    var seen: Set<Int> = []
    for field in fields {
      guard let index = field.field.oneof else {
        properties.append(
          Property(
            name: field.name,
            type: field.type,
            comment: field.field.comment,
            defaultValue: field.defaultValue
          )
        )
        continue
      }
      guard seen.insert(index).inserted else { continue }
      let oneof = message.oneofs[index]
      properties.append(
        Property(
          name: Names.member(oneof.name),
          type: "\(oneofType(index))?",
          comment: oneof.comment,
          defaultValue: "nil"
        )
      )
    }
    return properties
  }

  private func oneofType(_ index: Int) -> String {
    let name = Names.type(Names.cType(message.oneofs[index].name), suffix: "Choice")
    let clashes =
      message.messages.contains { $0.name == name }
      || message.enums.contains { $0.name == name }
    return clashes ? name + "Choice" : name
  }

  private func writeMemberwiseInit(to source: inout Source) {
    guard !properties.isEmpty else { return }
    source.line("", "\(access)init(")
    for (index, property) in properties.enumerated() {
      let comma = index == properties.count - 1 ? "" : ","
      source.line("  \(property.name): \(property.type) = \(property.defaultValue)\(comma)")
    }
    source.block(")") { source in
      for property in properties { source.line("self.\(property.name) = \(property.name)") }
    }
  }

  private func writeOneof(_ index: Int, to source: inout Source) {
    source.line("")
    source.comment(message.oneofs[index].comment)
    source.block("package enum \(oneofType(index)): Sendable, Equatable") { source in
      for field in fields where field.field.oneof == index {
        source.comment(field.field.comment)
        source.line("case \(field.name)(\(field.type))")
      }
    }
  }

  private func writeCodec(to source: inout Source) {
    source.line("", "\(access)static var fullName: String { \"\(message.fullName)\" }", "")
    source.block("\(access)static var descriptor: UnsafeRawPointer") {
      $0.line("unsafe UnsafeRawPointer(\(names.symbol)__of())")
    }
    let c = "let c = unsafe message.assumingMemoryBound(to: \(names.c).self)"
    source.line("")
    source.block("\(access)init(copying message: UnsafeRawPointer) throws(DecodeError)") { source in
      guard !fields.isEmpty else { return }
      source.line(c)
      for field in fields where field.field.oneof == nil {
        source.line("self.\(field.name) = \(field.decoded)")
      }
      for (index, oneof) in message.oneofs.enumerated() {
        source.block("switch unsafe c.pointee.o\(index)_case.rawValue") { source in
          for field in fields where field.field.oneof == index {
            let choice = ".\(field.name)(\(field.decoded))"
            source.line("case \(field.field.number): self.\(Names.member(oneof.name)) = \(choice)")
          }
          source.line("default: break")
        }
      }
    }
    source.line("")
    source.block(
      "\(access)func fill(_ message: UnsafeMutableRawPointer, in arena: Arena)"
    ) { source in
      guard !fields.isEmpty else { return }
      source.line(c)
      for field in fields where field.field.oneof == nil {
        source.line(field.encoding(of: "self.\(field.name)"))
      }
      for (index, oneof) in message.oneofs.enumerated() {
        source.block("switch self.\(Names.member(oneof.name))") { source in
          for field in fields where field.field.oneof == index {
            source.line(
              "case .\(field.name)(let value):",
              "  unsafe c.pointee.o\(index)_case = .init(rawValue: \(field.field.number))",
              "  \(field.encoding(of: "value"))"
            )
          }
          source.line("case nil: break")
        }
      }
    }
  }
}
