/// A gRPC status code.
///
/// Source: "Status codes and their use in gRPC", grpc/grpc `doc/statuscodes.md`.
package struct RPCCode: RawRepresentable, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  package static let ok = RPCCode(rawValue: 0)
  package static let cancelled = RPCCode(rawValue: 1)
  package static let unknown = RPCCode(rawValue: 2)
  package static let invalidArgument = RPCCode(rawValue: 3)
  package static let deadlineExceeded = RPCCode(rawValue: 4)
  package static let notFound = RPCCode(rawValue: 5)
  package static let alreadyExists = RPCCode(rawValue: 6)
  package static let permissionDenied = RPCCode(rawValue: 7)
  package static let resourceExhausted = RPCCode(rawValue: 8)
  package static let failedPrecondition = RPCCode(rawValue: 9)
  package static let aborted = RPCCode(rawValue: 10)
  package static let outOfRange = RPCCode(rawValue: 11)
  package static let unimplemented = RPCCode(rawValue: 12)
  package static let internalError = RPCCode(rawValue: 13)
  package static let unavailable = RPCCode(rawValue: 14)
  package static let dataLoss = RPCCode(rawValue: 15)
  package static let unauthenticated = RPCCode(rawValue: 16)
}

extension RPCCode {
  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
    "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  /// The code of an answer that carries an HTTP status and no gRPC status.
  ///
  /// Source: grpc/grpc `doc/http-grpc-status-mapping.md`.
  init(httpStatus: Int) {
    self =
      switch httpStatus {
      case 400: .internalError
      case 401: .unauthenticated
      case 403: .permissionDenied
      case 404: .unimplemented
      case 429, 502, 503, 504: .unavailable
      default: .unknown
      }
  }

  /// The code of a stream that the peer reset without a status.
  ///
  /// Source: "HTTP2 Transport Mapping", grpc/grpc `doc/PROTOCOL-HTTP2.md`; the numbers are those of
  /// RFC 9113 section 7.
  init(resetCode: UInt32) {
    self =
      switch resetCode {
      case 0x0...0x4, 0x6, 0x9, 0xa: .internalError
      case 0x7: .unavailable
      case 0x8: .cancelled
      case 0xb: .resourceExhausted
      case 0xc: .permissionDenied
      default: .unknown
      }
  }
}

extension RPCCode: CustomStringConvertible {
  /// The name in the specification, as in `NOT_FOUND`; the number of a code that it does not have.
  package var description: String {
    RPCCode.names.indices.contains(rawValue) ? RPCCode.names[rawValue] : "CODE_\(rawValue)"
  }
}
