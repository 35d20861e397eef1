import Foundation

/// A plugin of protoc, which writes Swift and what protoc-c needs.
///
/// `protoc --hocba_out=DIR --hocba_opt=c=CAPI FILES` writes into DIR
///
/// - for each file, `NAMESPACE/NAMESPACE+FILE.swift`: messages, enums, providers and clients,
/// - `CAPI.proto`, which protoc-c is to compile in place of the files (see ``CodecWriter``), and
/// - `CAPI.h`, with which Swift reaches what protoc-c makes of it.
///
/// Options, separated by commas: `c=MODULE` the C module, required; `import=MODULE` a Swift module
/// with messages of files that are imported and not generated; `c-import=MODULE` its C module.
@main enum Main {
  static func main() throws {
    let input = try FileHandle.standardInput.readToEnd() ?? Data()
    let response: [UInt8]
    do throws(Refusal) {
      let request = try Request(decoding: [UInt8](input))
      response = Response.encoded(files: try Generator(request).files(), error: nil)
    } catch {
      response = Response.encoded(files: [], error: error.description)
    }
    try FileHandle.standardOutput.write(contentsOf: response)
  }
}
