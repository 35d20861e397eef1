import FoundationEssentials

/// A `.proto` file that code was generated from, as server reflection tells it.
package struct ProtoFile: Sendable {
  /// Its name, as it is imported: `hocba/records/v1/roster_service.proto`.
  package let name: String

  /// Names of the files that it imports.
  package let dependencies: [String]

  /// Full names of its messages, enums, services and methods, without leading dot.
  package let symbols: [String]

  private let base64: String

  /// A file; `base64` is its serialized `google.protobuf.FileDescriptorProto`.
  package init(name: String, dependencies: [String], symbols: [String], base64: String) {
    self.name = name
    self.dependencies = dependencies
    self.symbols = symbols
    self.base64 = base64
  }

  /// The serialized `google.protobuf.FileDescriptorProto`, without comments.
  package var descriptor: [UInt8] { Data(base64Encoded: base64).map { [UInt8]($0) } ?? [] }
}
