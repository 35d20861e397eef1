/// What one call asks for besides its message.
package struct CallOptions: Sendable {
  /// Custom metadata of the request.
  package var metadata: Metadata

  /// How long the call may take, sent to the server as its deadline; `nil`: for ever, or as long as
  /// its method's config or the call that it is made for say.
  package var timeout: Duration?

  /// Whether the call waits for a connection, until its deadline, also when it is known that none
  /// can be had at the moment; `nil`: as its method's config says, and if it does not, no.
  ///
  /// Source: grpc/grpc `doc/wait-for-ready.md`.
  package var waitForReady: Bool?

  /// How requests are compressed; `nil`: as the client's configuration says.
  package var compression: Compression?

  /// The longest request message, in bytes before it is compressed; `nil`: as the client's
  /// configuration says.
  package var maxRequestBytes: Int?

  /// The longest response message, in bytes; `nil`: as the client's configuration says.
  package var maxResponseBytes: Int?

  /// Told what came with the response of a call that has but one, when the call has succeeded.
  package var onResponse: (@Sendable (ResponseInfo) -> Void)?

  /// What is not given is as the client's configuration has it; no metadata and no deadline.
  package init(
    metadata: Metadata = Metadata(),
    timeout: Duration? = nil,
    waitForReady: Bool? = nil,
    compression: Compression? = nil,
    maxRequestBytes: Int? = nil,
    maxResponseBytes: Int? = nil
  ) {
    self.metadata = metadata
    self.timeout = timeout
    self.waitForReady = waitForReady
    self.compression = compression
    self.maxRequestBytes = maxRequestBytes
    self.maxResponseBytes = maxResponseBytes
  }
}
