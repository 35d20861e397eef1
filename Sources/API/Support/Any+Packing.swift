package import Protobuf

extension GoogleProtobuf.`Any` {
  /// Packs a message.
  package init(packing message: some ProtobufMessage) {
    self.init(typeURL: Self.prefix + Self.name(of: message), value: message.encoded())
  }

  /// Unpacks the message if it is of the given type; `nil` if it is of another.
  ///
  /// - Throws: ``DecodeError`` if the bytes are not what the type says.
  package func unpacked<Value: ProtobufMessage>(
    as type: Value.Type = Value.self
  ) throws(DecodeError) -> Value? {
    // Only what follows the last slash counts; see any.proto.
    guard typeURL.split(separator: "/").last == Value.fullName[...] else { return nil }
    return try Value(decoding: value)
  }

  private static let prefix = "type.googleapis.com/"

  private static func name<M: ProtobufMessage>(of _: M) -> String { M.fullName }
}
