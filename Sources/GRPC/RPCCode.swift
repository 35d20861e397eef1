/// A gRPC status code.
///
/// Source: "Status codes and their use in gRPC", grpc/grpc `doc/statuscodes.md`.
package struct RPCCode: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  package let rawValue: Int

  /// The code of a number, also of one that the specification does not have.
  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// Not an error.
  package static let ok = RPCCode(rawValue: 0)
  /// The caller gave the call up.
  package static let cancelled = RPCCode(rawValue: 1)
  /// An error of which no more is known.
  package static let unknown = RPCCode(rawValue: 2)
  /// The request is wrong whatever the state of the system.
  package static let invalidArgument = RPCCode(rawValue: 3)
  /// The deadline passed before the call ended.
  package static let deadlineExceeded = RPCCode(rawValue: 4)
  /// What was asked for is not there.
  package static let notFound = RPCCode(rawValue: 5)
  /// What was to be made is there.
  package static let alreadyExists = RPCCode(rawValue: 6)
  /// The caller is known and may not do this.
  package static let permissionDenied = RPCCode(rawValue: 7)
  /// A limit or a quota is used up.
  package static let resourceExhausted = RPCCode(rawValue: 8)
  /// The system is not in the state that the call needs.
  package static let failedPrecondition = RPCCode(rawValue: 9)
  /// The call lost against one that ran at the same time.
  package static let aborted = RPCCode(rawValue: 10)
  /// The request goes beyond the end of what there is.
  package static let outOfRange = RPCCode(rawValue: 11)
  /// The server does not have this method.
  package static let unimplemented = RPCCode(rawValue: 12)
  /// An invariant of the system is broken.
  package static let internalError = RPCCode(rawValue: 13)
  /// The service cannot be reached now; the call may be tried again.
  package static let unavailable = RPCCode(rawValue: 14)
  /// Data is lost or damaged beyond recovery.
  package static let dataLoss = RPCCode(rawValue: 15)
  /// The caller is not known.
  package static let unauthenticated = RPCCode(rawValue: 16)
}

extension RPCCode {
  private static let names = [
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND",
    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",
    "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
  ]

  /// The code of a name in the specification, as in `NOT_FOUND`.
  init?(name: String) {
    guard let rawValue = RPCCode.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: rawValue)
  }

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
