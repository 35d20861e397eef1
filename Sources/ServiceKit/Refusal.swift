import API
package import GRPC
package import Postgres
import Protobuf

/// An error that is meant for the caller: a refusal with a reason, not a fault of ours.
///
/// Each service has one enum of refusals; anything else that is thrown goes out as `INTERNAL`.
package protocol Refusal: RPCErrorConvertible {
  /// How the refusal looks to a caller.
  var problem: Problem { get }
}

extension Refusal {
  package var rpcError: RPCError { problem.status }
}

/// What a caller is told: the content of one `google.rpc.Status` (AIP-193).
package struct Problem: Refusal, Equatable {
  /// The gRPC code.
  package var code: RPCCode
  /// Stable reason in UPPER_SNAKE, for programs.
  package var reason: String
  /// For people, in Vietnamese.
  package var vietnamese: String
  /// For developers, in English.
  package var message: String
  /// Each variable part of the messages, for programs.
  package var metadata: [String: String]
  /// Fields of the request that are wrong.
  package var violations: [FieldViolation]
  /// When trying again makes sense.
  package var retryAfter: Duration?

  package var problem: Problem { self }

  /// Makes a problem.
  package init(
    _ code: RPCCode,
    _ reason: String,
    vi vietnamese: String,
    en message: String? = nil,
    metadata: [String: String] = [:],
    violations: [FieldViolation] = [],
    retryAfter: Duration? = nil
  ) {
    self.code = code
    self.reason = reason
    self.vietnamese = vietnamese
    self.message = message ?? reason.lowercased().split(separator: "_").joined(separator: " ")
    self.metadata = metadata
    self.violations = violations
    self.retryAfter = retryAfter
  }
}

/// A field of a request that is wrong, and how.
package struct FieldViolation: Sendable, Equatable {
  /// Path of the field as the proto has it, such as `person.login`.
  package let field: String
  /// In Vietnamese.
  package let description: String

  /// Makes a violation.
  package init(_ field: String, _ description: String) {
    self.field = field
    self.description = description
  }
}

extension Problem {
  /// `INVALID_ARGUMENT FIELD_INVALID`, naming the field.
  package static func invalid(_ field: String, _ vietnamese: String) -> Problem {
    Problem(
      .invalidArgument,
      "FIELD_INVALID",
      vi: "\(field): \(vietnamese)",
      en: "\(field) is invalid",
      metadata: ["field": field],
      violations: [FieldViolation(field, vietnamese)]
    )
  }

  /// The same answer whether a thing is absent or not the caller's (AIP-211).
  package static let notAllowed = Problem(
    .permissionDenied,
    "NOT_ALLOWED",
    vi: "Không có quyền, hoặc không có dữ liệu này.",
    en: "the caller is not allowed, or there is no such thing"
  )

  /// `ABORTED ETAG_MISMATCH`: what is to be changed is not as the caller has seen it (AIP-154).
  package static let etagMismatch = Problem(
    .aborted,
    "ETAG_MISMATCH",
    vi: "Dữ liệu đã được người khác thay đổi, xin đọc lại rồi sửa.",
    violations: [FieldViolation("etag", "không còn đúng")]
  )

  /// `INVALID_ARGUMENT BATCH_SIZE`: nothing in the list, or more than one answer can carry.
  package static func batchSize(_ field: String, limit: Int) -> Problem {
    Problem(
      .invalidArgument,
      "BATCH_SIZE",
      vi: "Mỗi lần từ 1 đến \(limit) mục.",
      metadata: ["limit": "\(limit)"],
      violations: [FieldViolation(field, "từ 1 đến \(limit) mục")]
    )
  }

  /// `RESOURCE_EXHAUSTED FILE_TOO_LARGE`, with the limit in bytes.
  package static func fileTooLarge(limit: Int) -> Problem {
    Problem(
      .resourceExhausted,
      "FILE_TOO_LARGE",
      vi: "Tệp lớn hơn \(limit) byte.",
      metadata: ["limit": "\(limit)"]
    )
  }

  /// Something of ours is wrong; what, stands in the log.
  package static let internalError = Problem(
    .internalError,
    "INTERNAL",
    vi: "Lỗi hệ thống.",
    en: "internal error"
  )

  /// Something we depend on does not answer at the moment.
  package static let unavailable = Problem(
    .unavailable,
    "DEPENDENCY_UNAVAILABLE",
    vi: "Hệ thống đang bận, xin thử lại.",
    en: "a dependency is unavailable",
    retryAfter: .seconds(1)
  )

  /// The problem on the wire: gRPC status with `google.rpc.Status` as details.
  fileprivate var status: RPCError {
    var details = [
      GoogleProtobuf.`Any`(
        packing: GoogleRPC.ErrorInfo(
          reason: reason,
          domain: "hocba",
          // What a caller sent comes back in part: a status travels in header fields.
          metadata: metadata.mapValues { String($0.unicodeScalars.prefix(256)) }
        )
      ),
      GoogleProtobuf.`Any`(
        packing: GoogleRPC.LocalizedMessage(locale: "vi-VN", message: vietnamese)
      ),
    ]
    if !violations.isEmpty {
      let fields = violations.map {
        GoogleRPC.BadRequest.FieldViolation(field: $0.field, description: $0.description)
      }
      details.append(.init(packing: GoogleRPC.BadRequest(fieldViolations: fields)))
    }
    if let retryAfter {
      let delay = GoogleProtobuf.Duration(seconds: retryAfter.components.seconds, nanos: 0)
      details.append(.init(packing: GoogleRPC.RetryInfo(retryDelay: delay)))
    }
    let status = GoogleRPC.Status(code: Int32(code.rawValue), message: message, details: details)
    return RPCError(code, message, details: status.encoded())
  }
}

extension StoreError: RPCErrorConvertible {
  /// Trouble that passes invites another try; everything else is ours, and its text stays here.
  package var rpcError: RPCError {
    switch self {
    case .unavailable, .commitUnknown, .overloaded, .serialization, .timeout:
      Problem.unavailable.rpcError
    case .cancelled: RPCError(.cancelled, "the call was cancelled")
    default: Problem.internalError.rpcError
    }
  }
}

extension ServerConfiguration {
  /// A server of ours at an address: errors of the transport itself look as all others do, and no
  /// call goes on for ever because its caller did not say how long it may take.
  package static func service(
    host: String,
    port: Int,
    security: ServerSecurity
  ) -> ServerConfiguration {
    var configuration = ServerConfiguration(host: host, port: port, security: security)
    configuration.describe = { error in
      var problem = Problem(error.code, "\(error.code)", vi: "Yêu cầu không thực hiện được.")
      if error.code == .unavailable { problem = .unavailable }
      problem.message = String(error.message.unicodeScalars.prefix(256))
      var described = problem.rpcError
      described.metadata = error.metadata
      return described
    }
    configuration.defaultTimeout = { method in
      switch method {
      // They last as long as somebody watches.
      case GRPCHealthV1.HealthMethods.watch: nil
      // A workbook comes at the pace of a school's line.
      case RecordsV1.ImportServiceMethods.importWorkbook: .seconds(900)
      default: .seconds(120)
      }
    }
    return configuration
  }
}
