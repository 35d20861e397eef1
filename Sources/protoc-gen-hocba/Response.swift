import CPlugin
import CProtobufC
import Protobuf

/// What a code generator answers protoc.
enum Response {
  /// Encodes a `google.protobuf.compiler.CodeGeneratorResponse`.
  ///
  /// - Parameters:
  ///   - files: names and contents of the generated files.
  ///   - error: what is wrong with the `.proto` files; `nil` if nothing is.
  /// - Returns: what to write to standard output.
  static func encoded(
    files: [(name: String, content: String)],
    error: String?
  ) -> [UInt8] {
    Arena.with { arena in encoded(files, error, in: arena) }
  }

  private static func encoded(
    _ files: [(name: String, content: String)],
    _ error: String?,
    in arena: Arena
  ) -> [UInt8] {
    var response = unsafe Google__Protobuf__Compiler__CodeGeneratorResponse()
    unsafe google__protobuf__compiler__code_generator_response__init(&response)
    let list = unsafe files.map { file in
      let c = unsafe arena.array(
        of: Google__Protobuf__Compiler__CodeGeneratorResponse__File.self,
        1
      )
      unsafe google__protobuf__compiler__code_generator_response__file__init(c)
      unsafe c?.pointee.name = arena.numbers(Array(file.name.utf8CString)).1
      unsafe c?.pointee.content = arena.numbers(Array(file.content.utf8CString)).1
      return unsafe c
    }
    unsafe (response.n_file, response.file) = arena.array(list) { unsafe $0 }
    unsafe response.error = error.flatMap { unsafe arena.numbers(Array($0.utf8CString)).1 }
    // FEATURE_PROTO3_OPTIONAL.
    unsafe response.has_supported_features = 1
    unsafe response.supported_features = 1
    return unsafe withUnsafeBytes(of: response) { bytes in
      unsafe bytes.baseAddress.map {
        unsafe arena.pack($0.assumingMemoryBound(to: ProtobufCMessage.self))
      } ?? []
    }
  }
}
