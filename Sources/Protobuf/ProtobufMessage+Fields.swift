package import CProtobufC

/// From C fields to values, for the generated `init(copying:)`.
///
/// `count` and `start` are a repeated field's two members in the C struct.
extension ProtobufMessage {
  /// Copies a `string`, which protobuf-c leaves unchecked.
  package static func text(
    _ bytes: ProtobufCBinaryData,
    _ field: StaticString
  ) throws(DecodeError) -> String {
    let buffer = unsafe UnsafeBufferPointer(start: bytes.data, count: bytes.len)
    guard !(unsafe buffer.contains(0)) else { throw .embeddedNUL("\(fullName).\(field)") }
    guard let text = unsafe String(validating: buffer, as: UTF8.self) else {
      throw .invalidUTF8("\(fullName).\(field)")
    }
    return text
  }

  /// Copies a `repeated string`.
  package static func texts(
    _ count: Int,
    _ start: UnsafeMutablePointer<ProtobufCBinaryData>?,
    _ field: StaticString
  ) throws(DecodeError) -> [String] {
    unsafe try UnsafeBufferPointer(start: start, count: count).map { (bytes) throws(DecodeError) in
      unsafe try text(bytes, field)
    }
  }

  /// Copies a `bytes`.
  package static func bytes(_ bytes: ProtobufCBinaryData) -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: bytes.data, count: bytes.len))
  }

  /// Copies a `repeated bytes`.
  package static func bytes(
    _ count: Int,
    _ start: UnsafeMutablePointer<ProtobufCBinaryData>?
  ) -> [[UInt8]] {
    unsafe UnsafeBufferPointer(start: start, count: count).map { unsafe bytes($0) }
  }

  /// Copies repeated numbers.
  package static func numbers<Number: BitwiseCopyable>(
    _ count: Int,
    _ start: UnsafeMutablePointer<Number>?
  ) -> [Number] {
    unsafe [Number](UnsafeBufferPointer(start: start, count: count))
  }

  /// Copies a `repeated bool`, which the codec carries as `uint64`.
  package static func flags(_ count: Int, _ start: UnsafeMutablePointer<UInt64>?) -> [Bool] {
    unsafe UnsafeBufferPointer(start: start, count: count).map { $0 != 0 }
  }

  /// Copies repeated enum values, which the codec carries as `int32`.
  package static func values<Value: ProtobufEnum>(
    _ count: Int,
    _ start: UnsafeMutablePointer<Int32>?
  ) -> [Value] {
    unsafe UnsafeBufferPointer(start: start, count: count).map { Value(rawValue: $0) }
  }

  /// Copies a singular message, which the codec carries as repeated: protobuf-c then never merges.
  package static func message<Value: ProtobufMessage, C>(
    _ count: Int,
    _ start: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?,
    _ field: StaticString
  ) throws(DecodeError) -> Value? {
    guard count > 0 else { return nil }
    guard count == 1 else { throw .duplicate("\(fullName).\(field)") }
    return unsafe try message(start?.pointee)
  }

  /// Copies a message of a `oneof`.
  package static func message<Value: ProtobufMessage, C>(
    _ message: UnsafeMutablePointer<C>?
  ) throws(DecodeError) -> Value {
    guard let message = unsafe message else { return Value() }
    return unsafe try Value(copying: UnsafeRawPointer(message))
  }

  /// Copies repeated messages.
  package static func messages<Value: ProtobufMessage, C>(
    _ count: Int,
    _ start: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?
  ) throws(DecodeError) -> [Value] {
    unsafe try UnsafeBufferPointer(start: start, count: count).map { (start) throws(DecodeError) in
      unsafe try message(start)
    }
  }

  /// Copies a map; of entries with the same key the last one counts.
  package static func map<Entry: MapEntry, C>(
    _ type: Entry.Type,
    _ count: Int,
    _ start: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?
  ) throws(DecodeError) -> [Entry.Key: Entry.Value] {
    let entries: [Entry] = unsafe try messages(count, start)
    return Dictionary(entries.map { ($0.key, $0.value) }) { _, last in last }
  }
}
