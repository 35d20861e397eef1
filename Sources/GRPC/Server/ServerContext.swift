import Synchronization

/// What a handler knows of its call besides the messages.
@usableFromInline package struct ServerContext: Sendable {
  /// The method that was called.
  package var method: MethodDescriptor { call.method }

  /// The custom metadata of the request.
  package var metadata: Metadata { call.metadata }

  /// The other end of the connection, as `address:port`.
  package var peer: String { call.peer }

  /// When the caller gives up, or the default of the server if it does not say; `nil`: never.
  package var deadline: ContinuousClock.Instant? { call.deadline }

  /// What the other end of the connection has shown of itself.
  ///
  /// `nil` over plaintext, and where `ServerTLS.clientCertificates` asks for none or the client has
  /// none.
  package var peerCertificate: PeerCertificate? { stream?.server.peerCertificate }

  private var stream: ServerStream? { call.stream }

  /// In one object, since a context is handed on through every interceptor of a call.
  private let call: Call

  private final class Call: Sendable {
    let method: MethodDescriptor
    let metadata: Metadata
    let peer: String
    let deadline: ContinuousClock.Instant?
    let stream: ServerStream?

    init(
      _ method: MethodDescriptor,
      _ metadata: Metadata,
      _ peer: String,
      _ deadline: ContinuousClock.Instant?,
      _ stream: ServerStream?
    ) {
      self.method = method
      self.metadata = metadata
      self.peer = peer
      self.deadline = deadline
      self.stream = stream
    }
  }

  /// A context that belongs to no connection, for tests of handlers.
  package init(
    method: MethodDescriptor,
    metadata: Metadata = Metadata(),
    peer: String = "",
    deadline: ContinuousClock.Instant? = nil
  ) {
    self.init(method: method, metadata: metadata, peer: peer, deadline: deadline, stream: nil)
  }

  init(
    method: MethodDescriptor,
    metadata: Metadata,
    peer: String,
    deadline: ContinuousClock.Instant?,
    stream: ServerStream?
  ) {
    call = Call(method, metadata, peer, deadline, stream)
  }

  /// Sets the metadata that goes ahead of the first response message; later it has no effect.
  package func setInitialMetadata(_ metadata: Metadata) {
    guard let stream else { return }
    stream.connection.onLoop { stream.initialMetadata = metadata }
  }

  /// Chooses how the responses are compressed, if the caller accepts it; no effect after the first.
  package func setCompression(_ compression: Compression) {
    stream?.chooseCompression(compression)
  }

  /// Whether the request message that was read last came compressed.
  package var isRequestCompressed: Bool {
    stream?.lastWasCompressed.load(ordering: .relaxed) ?? false
  }

  /// Sets the metadata that goes with the status, whatever it is.
  package func setTrailingMetadata(_ metadata: Metadata) {
    guard let stream else { return }
    stream.connection.onLoop { stream.trailingMetadata = metadata }
  }
}
