/// What protobuf-c, or this generator, cannot do with a `.proto` file.
struct Refusal: Error, Equatable, CustomStringConvertible {
  /// What is wrong, beginning with the full name of the element.
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension Request {
  /// Refuses the files to be generated if anything in them cannot be.
  func check() throws(Refusal) {
    var messages: [String: Message] = [:]
    for file in files where filesToGenerate.contains(file.name) {
      guard file.syntax == "proto3" else { throw Refusal("\(file.name): is not proto3") }
      for message in file.messages.flatMap(\.withNested) {
        messages[message.fullName] = message
      }
    }
    for name in messages.keys.sorted() { try refuseRecursion([name], messages) }
  }

  /// Refuses a message that contains itself: protobuf-c decodes without limit of depth, and a value
  /// type cannot hold itself.
  private func refuseRecursion(
    _ path: [String],
    _ messages: [String: Message]
  ) throws(Refusal) {
    for field in path.last.flatMap({ messages[$0] })?.fields ?? [] where field.type == .message {
      guard field.typeName != path.first else {
        throw Refusal("\(path.joined(separator: " contains ")) contains itself: is recursive")
      }
      guard !path.contains(field.typeName) else { continue }
      try refuseRecursion(path + [field.typeName], messages)
    }
  }
}

extension Request.Message {
  /// The message and all that are declared in it.
  var withNested: [Request.Message] { [self] + messages.flatMap(\.withNested) }
}
