/// What came with the only response message of a call.
package struct ResponseInfo: Sendable {
  /// What came ahead of the message.
  package let initialMetadata: Metadata

  /// What came with the status.
  package let trailingMetadata: Metadata

  /// Whether the message came compressed.
  package let isCompressed: Bool
}
