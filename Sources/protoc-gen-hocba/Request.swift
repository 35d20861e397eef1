/// What a code generator is told of `.proto` files: the part of `descriptor.proto` that it needs.
struct Request: Sendable {
  /// A `.proto` file.
  struct File: Sendable {
    var name = ""
    var package = ""
    var syntax = ""
    var messages: [Message] = []
    var enums: [Enum] = []
    var services: [Service] = []
    /// Names of the files that it imports.
    var dependencies: [String] = []
    /// The serialized `FileDescriptorProto`, without its comments.
    var descriptor: [UInt8] = []
  }

  /// A message type; `fullName` is that of the `.proto`, without leading dot.
  struct Message: Sendable {
    var name = ""
    var fullName = ""
    var comment = ""
    var fields: [Field] = []
    var oneofs: [Oneof] = []
    var messages: [Message] = []
    var enums: [Enum] = []
    var isMapEntry = false
  }

  /// A field; `typeName` is the full name of its message or enum type, without leading dot.
  struct Field: Sendable {
    var name = ""
    var number = 0
    var type = FieldType.int32
    var typeName = ""
    var comment = ""
    var isRepeated = false
    /// Whether the field is declared `optional`.
    var isOptional = false
    /// Index among the message's oneofs.
    var oneof: Int?
  }

  /// The types of fields, with the numbers of `google.protobuf.FieldDescriptorProto.Type`.
  enum FieldType: Int, Sendable {
    case double = 1
    case float, int64, uint64, int32, fixed64, fixed32, bool, string, group, message, bytes
    case uint32, `enum`, sfixed32, sfixed64, sint32, sint64
  }

  /// A oneof.
  struct Oneof: Sendable {
    var name = ""
    var comment = ""
  }

  /// An enum type.
  struct Enum: Sendable {
    var name = ""
    var fullName = ""
    var comment = ""
    var values: [Value] = []
  }

  /// A value of an enum.
  struct Value: Sendable {
    var name = ""
    var number: Int32 = 0
    var comment = ""
  }

  /// A service.
  struct Service: Sendable {
    var name = ""
    var fullName = ""
    var comment = ""
    var methods: [Method] = []
  }

  /// A method of a service; `input` and `output` are full names, without leading dot.
  struct Method: Sendable {
    var name = ""
    var comment = ""
    var input = ""
    var output = ""
    var clientStreaming = false
    var serverStreaming = false
  }

  /// All files, each after those that it imports.
  var files: [File] = []
  /// Names of the files to generate code for.
  var filesToGenerate: [String] = []
  /// The options given to the generator, as in `--hocba_opt`.
  var parameter = ""

}
