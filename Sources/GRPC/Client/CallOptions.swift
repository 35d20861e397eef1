/// What one call asks for besides its message.
package struct CallOptions: Sendable {
  /// Custom metadata of the request.
  package var metadata: Metadata

  /// How long the call may take, sent to the server as its deadline; `nil`: for ever.
  package var timeout: Duration?

  /// No metadata and no deadline unless they are given.
  package init(metadata: Metadata = Metadata(), timeout: Duration? = nil) {
    self.metadata = metadata
    self.timeout = timeout
  }
}
