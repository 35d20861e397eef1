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
    message = words(vietnamese ?? Self.vietnamese(error), error.message)
  }

  /// In Vietnamese, of an answer that is not the service's own.
  private static func vietnamese(_ error: RPCError) -> String {
    switch error.code {
    case .unavailable: "Không kết nối được với dịch vụ: \(error.message)"
    case .deadlineExceeded: "Dịch vụ không trả lời kịp: \(error.message)"
    default: error.message
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
    case let error as CocoaError:
      self.init(error.localizedDescription + " " + (error.filePath ?? ""))
    default: self.init("\(error)")
    }
  }
}
