import API
import Crypto
import GRPC
import Protobuf
import ServiceKit
import Workbook

/// A workbook as it came in: the header of the call, and the pieces put together.
struct ImportFile: Sendable {
  let header: RecordsV1.ImportHeader
  let bytes: [UInt8]

  /// A piece of the file, as the contract has it.
  private static let chunkLimit = 1 << 20
  /// What the reader of workbooks takes: a school's largest is below one megabyte.
  private static let sizeLimit = WorkbookLimits().fileSize

  /// Takes in the pieces that follow the header.
  ///
  /// - Throws: `Problem.fileTooLarge` as soon as the limit is passed, so that no more than it is
  ///   ever held; `RecordsError.importHeaderMissing` for a second header.
  init(
    _ header: RecordsV1.ImportHeader,
    _ parts: inout RequestStream<RecordsV1.ImportWorkbookRequest>.AsyncIterator
  ) async throws {
    guard (1...255).contains(header.fileName.utf8.count) else {
      throw Problem.invalid("file_name", "từ 1 đến 255 byte")
    }
    var bytes: [UInt8] = []
    while let message = try await parts.next() {
      guard case .chunk(let chunk)? = message.part else { throw RecordsError.importHeaderMissing }
      guard chunk.count <= Self.chunkLimit else {
        throw Problem.invalid("chunk", "mỗi phần không quá \(Self.chunkLimit) byte")
      }
      guard bytes.count + chunk.count <= Self.sizeLimit else {
        throw Problem.fileTooLarge(limit: Self.sizeLimit)
      }
      bytes += chunk
    }
    self.header = header
    self.bytes = bytes
  }

  /// What tells this import from another under the same request id: header and content.
  var fingerprint: [UInt8] { SHA256.digest(header.encoded() + SHA256.digest(bytes)) }
}
