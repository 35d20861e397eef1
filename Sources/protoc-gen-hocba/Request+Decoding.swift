import CPlugin
import CProtobufC
import Protobuf

extension Request {
  /// Decodes a `google.protobuf.compiler.CodeGeneratorRequest`.
  ///
  /// - Parameter bytes: a request of protoc, which has checked all that it says. Not for bytes from
  ///   the network: `descriptor.proto` is recursive.
  /// - Throws: ``Refusal`` for anything else.
  init(decoding bytes: [UInt8]) throws(Refusal) {
    let request = unsafe bytes.withUnsafeBytes { buffer in
      unsafe google__protobuf__compiler__code_generator_request__unpack(
        nil,
        buffer.count,
        buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      )
    }
    guard let request = unsafe request else {
      throw Refusal("standard input is not a CodeGeneratorRequest")
    }
    defer { unsafe google__protobuf__compiler__code_generator_request__free_unpacked(request, nil) }
    let c = unsafe request.pointee
    parameter = unsafe string(c.parameter)
    filesToGenerate = unsafe list(c.n_file_to_generate, c.file_to_generate) { unsafe string($0) }
    files = unsafe objects(c.n_proto_file, c.proto_file) { file, _ in unsafe File(file) }
  }
}

/// Comments of a file by the place that they document: field numbers and indices from the file's
/// descriptor inwards, as in `google.protobuf.SourceCodeInfo.Location.path`.
private typealias Comments = [[Int32]: String]

extension Request.File {
  fileprivate init(_ c: Google__Protobuf__FileDescriptorProto) {
    var comments: Comments = [:]
    if let info = unsafe c.source_code_info?.pointee {
      let locations = unsafe objects(info.n_location, info.location) { location, _ in
        unsafe (list(location.n_path, location.path) { $0 }, string(location.leading_comments))
      }
      comments = Dictionary(locations) { first, _ in first }
    }
    name = unsafe string(c.name)
    package = unsafe string(c.package)
    syntax = unsafe string(c.syntax)
    let scope = package.isEmpty ? "" : package + "."
    messages = unsafe objects(c.n_message_type, c.message_type) {
      unsafe Request.Message($0, scope, [4, $1], comments)
    }
    enums = unsafe objects(c.n_enum_type, c.enum_type) {
      unsafe Request.Enum($0, scope, [5, $1], comments)
    }
    services = unsafe objects(c.n_service, c.service) {
      unsafe Request.Service($0, scope, [6, $1], comments)
    }
    dependencies = unsafe list(c.n_dependency, c.dependency) { unsafe string($0) }
    descriptor = unsafe packed(c)
  }

  /// The descriptor as programs take it: comments would make it several times as long.
  private func packed(_ c: Google__Protobuf__FileDescriptorProto) -> [UInt8] {
    var c = unsafe c
    unsafe c.source_code_info = nil
    return unsafe withUnsafePointer(to: c) { c in
      let count = unsafe google__protobuf__file_descriptor_proto__get_packed_size(c)
      return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        used = unsafe google__protobuf__file_descriptor_proto__pack(c, buffer.baseAddress)
      }
    }
  }
}

extension Request.Message {
  fileprivate init(
    _ c: Google__Protobuf__DescriptorProto,
    _ scope: String,
    _ path: [Int32],
    _ comments: Comments
  ) {
    name = unsafe string(c.name)
    fullName = scope + name
    comment = comments[path] ?? ""
    fields = unsafe objects(c.n_field, c.field) {
      unsafe Request.Field($0, comments[path + [2, $1]] ?? "")
    }
    oneofs = unsafe objects(c.n_oneof_decl, c.oneof_decl) { c, index in
      var oneof = Request.Oneof()
      oneof.name = unsafe string(c.name)
      oneof.comment = comments[path + [8, index]] ?? ""
      return oneof
    }
    oneofs.removeLast(fields.count(where: \.isOptional))
    let inner = fullName + "."
    messages = unsafe objects(c.n_nested_type, c.nested_type) {
      unsafe Request.Message($0, inner, path + [3, $1], comments)
    }
    enums = unsafe objects(c.n_enum_type, c.enum_type) {
      unsafe Request.Enum($0, inner, path + [4, $1], comments)
    }
    isMapEntry = unsafe (c.options?.pointee.map_entry ?? 0) != 0
  }
}

extension Request.Field {
  fileprivate init(_ c: Google__Protobuf__FieldDescriptorProto, _ comment: String) {
    name = unsafe string(c.name)
    number = unsafe Int(c.number)
    type = unsafe Request.FieldType(rawValue: Int(c.type.rawValue)) ?? .group
    typeName = unsafe typeReference(c.type_name)
    self.comment = comment
    isRepeated = unsafe c.label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED
    isOptional = unsafe c.proto3_optional != 0
    // protoc puts each `optional` field into a oneof of its own, after all others.
    oneof = unsafe c.has_oneof_index != 0 && !isOptional ? Int(c.oneof_index) : nil
  }
}

extension Request.Enum {
  fileprivate init(
    _ c: Google__Protobuf__EnumDescriptorProto,
    _ scope: String,
    _ path: [Int32],
    _ comments: Comments
  ) {
    name = unsafe string(c.name)
    fullName = scope + name
    comment = comments[path] ?? ""
    values = unsafe objects(c.n_value, c.value) { c, index in
      var value = Request.Value()
      value.name = unsafe string(c.name)
      value.number = unsafe c.number
      value.comment = comments[path + [2, index]] ?? ""
      return value
    }
  }
}

extension Request.Service {
  fileprivate init(
    _ c: Google__Protobuf__ServiceDescriptorProto,
    _ scope: String,
    _ path: [Int32],
    _ comments: Comments
  ) {
    name = unsafe string(c.name)
    fullName = scope + name
    comment = comments[path] ?? ""
    methods = unsafe objects(c.n_method, c.method) { c, index in
      var method = Request.Method()
      method.name = unsafe string(c.name)
      method.comment = comments[path + [2, index]] ?? ""
      method.input = unsafe typeReference(c.input_type)
      method.output = unsafe typeReference(c.output_type)
      method.clientStreaming = unsafe c.client_streaming != 0
      method.serverStreaming = unsafe c.server_streaming != 0
      return method
    }
  }
}

private func string(_ c: UnsafeMutablePointer<CChar>?) -> String {
  guard let c = unsafe c else { return "" }
  return unsafe String(cString: c)
}

/// A full name without the dot that it begins with.
private func typeReference(_ c: UnsafeMutablePointer<CChar>?) -> String {
  String(unsafe string(c).dropFirst())
}

private func list<C, T>(
  _ count: Int,
  _ start: UnsafeMutablePointer<C>?,
  _ transform: (C) -> T
) -> [T] {
  unsafe UnsafeBufferPointer(start: start, count: count).map(transform)
}

private func objects<C, T>(
  _ count: Int,
  _ start: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?,
  _ transform: (C, Int32) -> T
) -> [T] {
  let pointers = unsafe UnsafeBufferPointer(start: start, count: count)
  var values: [T] = []
  for index in pointers.indices {
    if let object = unsafe pointers[index] {
      values.append(transform(unsafe object.pointee, Int32(index)))
    }
  }
  return values
}
