/// The end of a call that did not succeed, as it travels to the caller.
@usableFromInline package struct RPCError: Error, Sendable, Equatable {
  /// The status; never `ok`.
  package var code: RPCCode

  /// For developers; any text, it is percent-encoded on the wire.
  package var message: String

  /// A serialized `google.rpc.Status` for `grpc-status-details-bin`; empty: none.
  package var details: [UInt8]

  /// What else goes into, or came in, the trailers.
  package var metadata: Metadata

  /// An error with the status that the caller gets.
  package init(
    _ code: RPCCode,
    _ message: String,
    details: [UInt8] = [],
    metadata: Metadata = Metadata()
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.metadata = metadata
  }
}

/// An error of a domain that knows how it looks to a caller.
package protocol RPCErrorConvertible: Error {
  /// What the caller is told.
  var rpcError: RPCError { get }
}

extension RPCError: RPCErrorConvertible {
  /// Itself.
  package var rpcError: RPCError { self }
}

extension RPCError {
  /// What a caller is told of any error: those made for callers speak for themselves, the text of
  /// all others stays here.
  package init(answering error: any Error) {
    if let convertible = error as? any RPCErrorConvertible {
      self = convertible.rpcError
      // "OK" with an error would be a success without a response.
      if code == .ok { code = .unknown }
    } else if error is CancellationError {
      self.init(.cancelled, "the call was cancelled")
    } else {
      self.init(.internalError, "internal error")
    }
  }

  /// What a caller is told of a request that its message type could not read.
  @usableFromInline init(answeringUndecodable error: any Error) {
    self =
      (error as? any RPCErrorConvertible)?.rpcError
      ?? RPCError(.invalidArgument, "the request message could not be decoded")
  }
}

extension RPCError: CustomStringConvertible {
  /// Code and message, for logs.
  @usableFromInline package var description: String { "\(code): \(message)" }
}
