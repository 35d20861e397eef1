/// A message that a call can carry: this module frames and limits its bytes and never looks inside.
@usableFromInline package protocol Message: Sendable {
  /// Reads a message from its wire form.
  ///
  /// An `RPCError` (or `RPCErrorConvertible`) thrown here is the call's status; any other error
  /// becomes `INVALID_ARGUMENT` on a server and `INTERNAL` on a client.
  init(decoding bytes: RawSpan) throws

  /// The message in its wire form.
  func encoded() -> [UInt8]
}

/// The full name of a method: service (with its package) and method.
@usableFromInline package struct MethodDescriptor: Sendable, Hashable {
  /// The service with its package, as in `grpc.health.v1.Health`.
  package let service: String

  /// The method's name within the service, as in `Check`.
  package let method: String

  /// A method by the names in its proto file.
  package init(service: String, method: String) {
    self.service = service
    self.method = method
  }

  /// The `:path` of a request: `/service/method`.
  package var path: String { "/\(service)/\(method)" }
}

extension [UInt8] {
  /// The bytes of a message, for types that keep them.
  package init(copying bytes: RawSpan) {
    self = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
  }
}
