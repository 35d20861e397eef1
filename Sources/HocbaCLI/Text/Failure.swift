import API
import Foundation
import GRPC
import Postgres
import Protobuf

/// Why a command could not do what it was asked for.
struct Failure: Error, Equatable {
  /// For people, in the language of this process.
  let message: String
  /// Exit status.
  let status: Int32

  /// 1: refused or failed; 2: wrong use; 3: verification not passed.
  init(_ message: String, status: Int32 = 1) {
    self.message = message
    self.status = status
  }
}

/// What a service says when it refuses, read from the `google.rpc.Status` of the answer.
struct Complaint: Sendable, Equatable {
  /// Stable reason in UPPER_SNAKE; the gRPC code's name where the answer has none.
  let reason: String
  /// In Vietnamese if the answer has that, else in English.
  let message: String
  let metadata: [String: String]
  /// Lines `field: what is wrong with it`.
  let violations: [String]

  init(_ error: RPCError) {
    var reason = "\(error.code)"
    var vietnamese: String?
    var metadata: [String: String] = [:]
    var violations: [String] = []
    let status = try? GoogleRPC.Status(decoding: error.details)
    for detail in status?.details ?? [] {
      if let info = try? detail.unpacked(as: GoogleRPC.ErrorInfo.self) {
        reason = info.reason
        metadata = info.metadata
      } else if let text = try? detail.unpacked(as: GoogleRPC.LocalizedMessage.self) {
        vietnamese = text.message
      } else if let request = try? detail.unpacked(as: GoogleRPC.BadRequest.self) {
        violations += request.fieldViolations.map { "\($0.field): \($0.description)" }
      }
    }
    self.reason = reason
    self.metadata = metadata
    self.violations = violations
    message = vietnamese.map { words($0, error.message) } ?? Self.text(error)
  }

  /// Of an answer that is not the service's own.
  private static func text(_ error: RPCError) -> String {
    switch error.code {
    case .unavailable:
      // Why a connection failed, down to the system call, is of no use to people; the address is.
      let place = error.message.wholeMatch(of: /cannot connect to (\S+): .*/)?.1
      guard let place else {
        return words(
          "Không kết nối được với dịch vụ: \(error.message)",
          "The service cannot be reached: \(error.message)"
        )
      }
      return words(
        "Không kết nối được với dịch vụ ở \(place): dịch vụ có đang chạy không?",
        "The service at \(place) cannot be reached: is it running?"
      )
    case .deadlineExceeded:
      return words(
        "Dịch vụ không trả lời kịp: \(error.message)",
        "The service did not answer in time: \(error.message)"
      )
    default: return error.message
    }
  }

  /// All of it, for people.
  var text: String {
    let more = violations == [message] ? [] : violations
    return ([message + " [\(reason)]"] + more.map { "  " + $0 }).joined(separator: "\n")
  }
}

extension Failure {
  /// Any error, as people are told of it.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as RPCError: self.init(Complaint(error).text)
    case StoreError.unknownMigration(let name):
      self.init(
        words(
          "Cơ sở dữ liệu mới hơn chương trình này (có \(name)): hãy dùng phiên bản mới hơn.",
          "The database is newer than this program (it has \(name)): use a newer version."
        )
      )
    case StoreError.changedMigration(let name):
      self.init(
        words(
          "Bước \(name) trong cơ sở dữ liệu khác với bước của chương trình này.",
          "Migration \(name) of the database is not the one of this program."
        )
      )
    case StoreError.unavailable(let detail):
      self.init(
        words(
          "Không kết nối được với cơ sở dữ liệu: \(detail)",
          "The database cannot be reached: \(detail)"
        )
      )
    case StoreError.server(let state, let detail):
      self.init(
        words(
          "Cơ sở dữ liệu báo lỗi: \(detail) [\(state)]",
          "The database refuses: \(detail) [\(state)]"
        )
      )
    case let error as CocoaError: self.init(Self.text(error))
    default: self.init("\(error)")
    }
  }

  /// Of files, which is what Foundation's errors are about here.
  private static func text(_ error: CocoaError) -> String {
    let path = error.filePath ?? error.url?.path(percentEncoded: false) ?? ""
    switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile:
      return words("Không có \(path).", "There is no \(path).")
    case .fileReadNoPermission:
      return words("Không được đọc \(path).", "Not allowed to read \(path).")
    case .fileWriteNoPermission, .fileWriteVolumeReadOnly:
      return words("Không được ghi vào \(path).", "Not allowed to write to \(path).")
    case .fileWriteOutOfSpace: return words("Hết chỗ để ghi \(path).", "No space left for \(path).")
    default:
      return words("Không đọc hoặc ghi được \(path).", "Cannot read or write \(path).")
    }
  }
}

/// The text of a file.
func text(of path: String) throws -> String {
  do {
    return try String(contentsOf: URL(filePath: path), encoding: .utf8)
  } catch {
    throw Failure(words("Không đọc được \(path).", "Cannot read \(path)."))
  }
}
