import FoundationEssentials

/// Writes the descriptors of the files, for server reflection.
struct FileWriter {
  let files: [Request.File]

  /// Swift of a list of `ProtoFile`.
  func swift(_ header: String) -> String {
    var source = Source(header, "", "package import Protobuf", "")
    source.line("/// The files that this module is made of.")
    source.block("package enum ProtoFiles") { source in
      source.line("/// Each of them.", "package static let all: [ProtoFile] = [")
      for file in files {
        source.line(
          "  ProtoFile(",
          "    name: \"\(file.name)\",",
          "    dependencies: [\(quoted(file.dependencies))],",
          "    symbols: [\(quoted(FileWriter.symbols(of: file)))],",
          "    base64: \"\(Data(file.descriptor).base64EncodedString())\"",
          "  ),"
        )
      }
      source.line("]")
    }
    return source.text
  }

  private func quoted(_ texts: [String]) -> String {
    texts.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  private static func symbols(of file: Request.File) -> [String] {
    file.messages.flatMap(symbols) + file.enums.map(\.fullName)
      + file.services.flatMap { service in
        [service.fullName] + service.methods.map { "\(service.fullName).\($0.name)" }
      }
  }

  private static func symbols(of message: Request.Message) -> [String] {
    [message.fullName] + message.messages.flatMap(symbols) + message.enums.map(\.fullName)
  }
}
