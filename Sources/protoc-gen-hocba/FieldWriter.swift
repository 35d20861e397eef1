/// Writes what a message's struct has of a field: its type, its default, its way from and to C.
struct FieldWriter {
  let field: Request.Field
  /// Name of the property or case.
  let name: String
  /// Type of the property or payload.
  let type: String
  private let shape: Shape
  private let element: String

  private enum Shape {
    /// One value: a scalar, or a message of a oneof.
    case one
    /// A message that may be absent.
    case message
    /// A scalar that may be absent.
    case optional
    /// The message that is a map's value, which counts as empty when absent.
    case mapValue
    case repeated
    case map
  }

  init(
    _ field: Request.Field,
    of message: Request.Message,
    _ generator: Generator
  ) throws(Refusal) {
    self.field = field
    name = Names.member(field.name)
    element = try Self.element(field, generator)
    if let entry = generator.mapEntries[field.typeName], field.type == .message {
      shape = .map
      let key = try Self.element(entry.fields[0], generator)
      type = "[\(key): \(try Self.element(entry.fields[1], generator))]"
    } else if field.isRepeated {
      shape = .repeated
      type = "[\(element)]"
    } else if field.type == .message, field.oneof == nil {
      shape = message.isMapEntry ? .mapValue : .message
      type = message.isMapEntry ? element : element + "?"
    } else if field.isOptional {
      shape = .optional
      type = element + "?"
    } else {
      shape = .one
      type = element
    }
  }

  /// The default, as an expression.
  var defaultValue: String {
    switch shape {
    case .message, .optional: return "nil"
    case .repeated: return "[]"
    case .map: return "[:]"
    case .one, .mapValue: break
    }
    return switch field.type {
    case .string: "\"\""
    case .bytes: "[]"
    case .bool: "false"
    case .enum, .message: "\(element)()"
    default: "0"
    }
  }

  /// The value in the C struct `c`, as an expression.
  var decoded: String {
    let one = "c.pointee.f\(field.number)"
    let many = "c.pointee.n_f\(field.number), \(one)"
    let last = shape == .optional ? ".last" : ""
    switch (shape, field.type) {
    case (.one, .string): return "try unsafe Self.text(\(one), \"\(field.name)\")"
    case (.one, .bytes): return "unsafe Self.bytes(\(one))"
    case (.one, .bool): return "unsafe \(one) != 0"
    case (.one, .enum): return "unsafe \(element)(rawValue: \(one))"
    case (.one, .message): return "try unsafe Self.message(\(one))"
    case (.one, _): return "unsafe \(one)"
    case (.message, _): return "try unsafe Self.message(\(many), \"\(field.name)\")"
    case (.mapValue, _):
      return "try unsafe Self.message(\(many), \"\(field.name)\") ?? \(element)()"
    case (.map, _): return "try unsafe Self.map(\(element).self, \(many))"
    case (_, .message): return "try unsafe Self.messages(\(many))"
    case (_, .string): return "try unsafe Self.texts(\(many), \"\(field.name)\")\(last)"
    case (_, .bytes): return "unsafe Self.bytes(\(many))\(last)"
    case (_, .bool): return "unsafe Self.flags(\(many))\(last)"
    case (.optional, .enum): return "unsafe (Self.values(\(many)) as [\(element)]).last"
    case (_, .enum): return "unsafe Self.values(\(many))"
    case (_, _): return "unsafe Self.numbers(\(many))\(last)"
    }
  }

  /// The statement that puts `value` into the C struct `c`.
  func encoding(of value: String) -> String {
    let list = shape == .optional ? "\(value).map { [$0] } ?? []" : value
    let one = "unsafe c.pointee.f\(field.number)"
    let many = "unsafe (c.pointee.n_f\(field.number), c.pointee.f\(field.number))"
    switch (shape, field.type) {
    case (.one, .string): return "\(one) = arena.text(\(value))"
    case (.one, .bytes): return "\(one) = arena.bytes(\(value))"
    case (.one, .bool): return "\(one) = \(value) ? 1 : 0"
    case (.one, .enum): return "\(one) = \(value).rawValue"
    case (.one, .message): return "\(one) = arena.message(\(value))"
    case (.one, _): return "\(one) = \(value)"
    case (.mapValue, _): return "\(many) = arena.messages([\(value)])"
    case (.map, _): return "\(many) = arena.map(\(element).self, \(value))"
    case (_, .message): return "\(many) = arena.messages(\(value))"
    case (_, .string): return "\(many) = arena.texts(\(list))"
    case (_, .bytes): return "\(many) = arena.bytes(\(list))"
    case (_, .bool): return "\(many) = arena.flags(\(list))"
    case (_, .enum): return "\(many) = arena.values(\(list))"
    case (_, _): return "\(many) = arena.numbers(\(list))"
    }
  }

  private static func element(
    _ field: Request.Field,
    _ generator: Generator
  ) throws(Refusal) -> String {
    switch field.type {
    case .double: "Double"
    case .float: "Float"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint64, .fixed64: "UInt64"
    case .int32, .sint32, .sfixed32: "Int32"
    case .uint32, .fixed32: "UInt32"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .enum, .message: try generator.names(field.typeName).swift
    case .group: throw Refusal("\(field.name): is a group")
    }
  }
}
