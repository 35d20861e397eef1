package import CProtobufC

/// From values to C fields, for the generated `fill(_:in:)`.
extension Arena {
  /// Copies a `string`.
  package func text(_ text: String) -> ProtobufCBinaryData {
    var text = text
    return text.withUTF8 { unsafe data(UnsafeRawBufferPointer($0)) }
  }

  /// Copies a `repeated string`.
  package func texts(_ texts: [String]) -> (Int, UnsafeMutablePointer<ProtobufCBinaryData>?) {
    unsafe array(texts) { unsafe text($0) }
  }

  /// Copies a `bytes`.
  package func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    unsafe bytes.withUnsafeBytes { unsafe data($0) }
  }

  /// Copies a `repeated bytes`.
  package func bytes(_ list: [[UInt8]]) -> (Int, UnsafeMutablePointer<ProtobufCBinaryData>?) {
    unsafe array(list) { unsafe bytes($0) }
  }

  /// Copies repeated numbers.
  package func numbers<Number: BitwiseCopyable>(
    _ numbers: [Number]
  ) -> (Int, UnsafeMutablePointer<Number>?) {
    let start = unsafe array(of: Number.self, numbers.count)
    unsafe start?.initialize(from: numbers, count: numbers.count)
    return unsafe (numbers.count, start)
  }

  /// Copies a `repeated bool`.
  package func flags(_ flags: [Bool]) -> (Int, UnsafeMutablePointer<UInt64>?) {
    unsafe array(flags) { $0 ? 1 : 0 }
  }

  /// Copies repeated enum values.
  package func values(_ values: [some ProtobufEnum]) -> (Int, UnsafeMutablePointer<Int32>?) {
    unsafe array(values) { $0.rawValue }
  }

  /// Makes the C struct of a message; `type` may be the struct that all messages begin with.
  package func message<C>(
    _ message: some ProtobufMessage,
    as type: C.Type = C.self
  ) -> UnsafeMutablePointer<C>? {
    let descriptor = unsafe Self.descriptor(of: message)
    let size = unsafe descriptor.pointee.sizeof_message
    guard let start = unsafe allocate(size) else { return nil }
    // In proto3 all defaults are zero.
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    unsafe start.assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor = descriptor
    unsafe message.fill(start, in: self)
    return unsafe start.assumingMemoryBound(to: type)
  }

  /// Makes the C struct of a singular message, which the codec carries as repeated.
  package func messages<C>(
    _ message: (some ProtobufMessage)?
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<C>?>?) {
    guard let message else { return (0, nil) }
    return unsafe messages([message])
  }

  /// Makes the C structs of repeated messages.
  package func messages<C>(
    _ messages: [some ProtobufMessage]
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<C>?>?) {
    unsafe array(messages) { unsafe message($0) }
  }

  /// Makes the C structs of a map's entries.
  package func map<Entry: MapEntry, C>(
    _ type: Entry.Type,
    _ map: [Entry.Key: Entry.Value]
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<C>?>?) {
    let sorted = map.sorted { Entry.areInOrder($0.key, $1.key) }
    return unsafe array(sorted) { unsafe message(Entry(key: $0.key, value: $0.value)) }
  }

  private static func descriptor<M: ProtobufMessage>(
    of _: M
  ) -> UnsafePointer<ProtobufCMessageDescriptor> {
    unsafe M.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
  }

  /// Makes a repeated field's two members in a C struct, count and start.
  package func array<Value, T>(
    _ values: [Value],
    _ transform: (Value) -> T
  ) -> (Int, UnsafeMutablePointer<T>?) {
    let start = unsafe array(of: T.self, values.count)
    for (index, value) in values.enumerated() {
      unsafe (start?.advanced(by: index))?.initialize(to: transform(value))
    }
    return unsafe (values.count, start)
  }

  /// Returns the wire format of a C message.
  package func pack(_ message: UnsafePointer<ProtobufCMessage>) -> [UInt8] {
    let size = unsafe protobuf_c_message_get_packed_size(message)
    guard size > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe protobuf_c_message_pack(message, buffer.baseAddress)
    }
  }

  private func data(_ buffer: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
    let copy = unsafe array(of: UInt8.self, buffer.count)
    if let copy = unsafe copy, let start = buffer.baseAddress {
      unsafe UnsafeMutableRawPointer(copy).copyMemory(from: start, byteCount: buffer.count)
    }
    return unsafe ProtobufCBinaryData(len: buffer.count, data: copy)
  }
}
