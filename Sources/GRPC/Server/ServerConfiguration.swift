/// Where a server listens and what it allows.
package struct ServerConfiguration: Sendable {
  /// The address or name to bind.
  package var host: String

  /// The port to bind; 0: one that is free.
  package var port: Int

  /// What protects its connections.
  package var security: ServerSecurity

  /// The longest request message, in bytes; gRPC's own default, 4 MiB.
  package var maxMessageBytes = 4 * 1024 * 1024

  /// The longest response message, in bytes before it is compressed; as gRPC has it, whatever a
  /// prefix can say.
  package var maxSendMessageBytes = Int(UInt32.max)

  /// How responses are compressed where the caller accepts it and the handler does not choose.
  package var compression = Compression.identity

  /// The header list of one request, in bytes as RFC 9113 section 6.5.2 counts them; 16 KiB, the
  /// absolute limit of gRPC's C core.
  package var maxHeaderListBytes = 16 * 1024

  /// The calls of one connection at a time; 100 is the least that RFC 9113 section 6.5.2
  /// recommends.
  package var maxConcurrentStreams = 100

  /// What a call may send ahead of its handler, in bytes; HTTP/2's own default (RFC 9113 6.9.2).
  package var streamWindowBytes = 65_535

  /// What all calls together may hold of requests that are over 16 KiB, in bytes; what would be
  /// more is answered `UNAVAILABLE`.
  package var maxRequestBytes = 128 * 1024 * 1024

  /// What all calls together may hold of answers that their clients do not read, in bytes; while it
  /// is more, calls whose clients take nothing for seconds are given up.
  package var maxUnreadBytes = 256 * 1024 * 1024

  /// How long the request of a call that does not stream may take to come.
  package var requestTime = Duration.seconds(60)

  /// What connections must keep to, and how long they last.
  package var connections = ConnectionLimits()

  /// The connections at a time; what would be more is closed at once.
  ///
  /// One without a call takes 20 KB.
  package var maxConnections = 10_000

  /// Adds details to an error that this module makes itself.
  package var describe: @Sendable (RPCError) -> RPCError = { $0 }

  /// What a handler may write ahead of its client, in bytes; as much as the peer's default window.
  package var writeBufferBytes = 65_536

  /// What stands around every handler, the outermost first.
  package var interceptors: [any Interceptor<ServerContext, ServerContext>] = []

  /// How long a call of a method may take if its caller does not say; `nil`: for ever.
  ///
  /// Asked once a method, when the server is made.
  package var defaultTimeout: @Sendable (MethodDescriptor) -> Duration? = { _ in nil }

  /// The usual limits at an address.
  package init(host: String, port: Int, security: ServerSecurity) {
    self.host = host
    self.port = port
    self.security = security
  }
}
