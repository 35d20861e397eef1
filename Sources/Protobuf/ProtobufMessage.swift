import CProtobufC

/// A message as a Swift value; `protoc-gen-hocba` writes the conformances.
///
/// Unknown fields are dropped, unknown enum values are kept. Of a scalar that stands twice, or of
/// several members of a oneof, the last counts; any other message that stands twice is refused,
/// where the specification would merge it: no encoder writes that. Fields are encoded in the order
/// of their numbers and maps in the order of their keys, so that equal values have equal encodings.
package protocol ProtobufMessage: Sendable, Equatable {
  /// Full name in the `.proto`, as in `hocba.records.v1.Mark`.
  static var fullName: String { get }

  /// protobuf-c's descriptor of the message.
  static var descriptor: UnsafeRawPointer { get }

  /// Creates the message in which every field has its default.
  init()

  /// Copies a message that protobuf-c has unpacked.
  ///
  /// - Parameter message: the message's C struct, which nothing of the copy refers to.
  /// - Throws: ``DecodeError`` for what protobuf-c does not check.
  init(copying message: UnsafeRawPointer) throws(DecodeError)

  /// Fills in a C struct for protobuf-c to pack.
  ///
  /// - Parameters:
  ///   - message: the message's C struct, initialized to defaults.
  ///   - arena: where the memory for what the struct points to comes from.
  func fill(_ message: UnsafeMutableRawPointer, in arena: Arena)
}

extension ProtobufMessage {
  /// Decodes a message.
  ///
  /// - Parameter bytes: the wire format, from anyone.
  /// - Throws: ``DecodeError`` for bytes that are no such message.
  package init(decoding bytes: RawSpan) throws(DecodeError) {
    self = try Arena.with(limit: Arena.decodingLimit) { arena in
      Result { () throws(DecodeError) in try Self(decoding: bytes, in: arena) }
    }.get()
  }

  private init(decoding bytes: RawSpan, in arena: Arena) throws(DecodeError) {
    let message = unsafe bytes.withUnsafeBytes { buffer in
      var allocator = unsafe arena.allocator
      return unsafe protobuf_c_message_unpack(
        Self.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self),
        &allocator,
        buffer.count,
        buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      )
    }
    guard let message = unsafe message else {
      throw arena.isExhausted ? .tooLarge(Self.fullName) : .malformed(Self.fullName)
    }
    unsafe try self.init(copying: UnsafeRawPointer(message))
  }

  /// Decodes a message, as ``init(decoding:)-(RawSpan)`` does.
  package init(decoding bytes: [UInt8]) throws(DecodeError) {
    unsafe try self.init(decoding: bytes.span.bytes)
  }

  /// Returns the message in the wire format.
  package func encoded() -> [UInt8] {
    Arena.with { arena in
      guard let message = unsafe arena.message(self, as: ProtobufCMessage.self) else { return [] }
      return unsafe arena.pack(message)
    }
  }
}

/// An entry of a map, which on the wire is a repeated message of key and value.
package protocol MapEntry: ProtobufMessage {
  /// Type of the keys.
  associatedtype Key: Hashable, Sendable
  /// Type of the values.
  associatedtype Value: Equatable, Sendable
  /// The key.
  var key: Key { get }
  /// The value.
  var value: Value { get }
  /// Creates an entry.
  init(key: Key, value: Value)
  /// Whether `first` is encoded before `second`.
  static func areInOrder(_ first: Key, _ second: Key) -> Bool
}

extension MapEntry where Key: Comparable {
  package static func areInOrder(_ first: Key, _ second: Key) -> Bool { first < second }
}

extension MapEntry where Key == Bool {
  package static func areInOrder(_ first: Key, _ second: Key) -> Bool { !first && second }
}
