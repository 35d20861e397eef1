package import Logging

/// What a client allows and how it connects.
package struct ClientConfiguration: Sendable {
  /// The longest response message, in bytes; gRPC's own default, 4 MiB.
  package var maxMessageBytes = 4 * 1024 * 1024

  /// The longest request message, in bytes before it is compressed; as gRPC has it, whatever a
  /// prefix can say.
  package var maxSendMessageBytes = Int(UInt32.max)

  /// How requests are compressed, unless a call says otherwise.
  package var compression = Compression.identity

  /// One header list of a response, in bytes as RFC 9113 section 6.5.2 counts them; 16 KiB, the
  /// absolute limit of gRPC's C core.
  package var maxHeaderListBytes = 16 * 1024

  /// What a server may send ahead of its reader, in bytes; HTTP/2's own default (RFC 9113 6.9.2).
  package var streamWindowBytes = 65_535

  /// The window of the whole connection, in streams: as many as a server of ours allows.
  package var windowStreams = 100

  /// What a caller may write ahead of its server, in bytes; as much as the peer's default window.
  package var writeBufferBytes = 65_536

  /// How long a connection may take to come to be; the least of gRPC's connection backoff, 20 s.
  package var connectTimeout = Duration.seconds(20)

  /// The client's PINGs; `nil`, gRPC's own default: none.
  ///
  /// A server may end the connection of a client that pings more often than it has agreed to.
  package var keepalive: Keepalive?

  /// The least time of `keepalive`: what is less counts as this, 10 s as gRFC A8 has it.
  package var minKeepaliveTime = Duration.seconds(10)

  /// Where trouble that no call tells of is written.
  package var logger: Logger?

  /// How long to wait after an attempt to connect has failed.
  package var backoff = Backoff()

  /// The least time between two questions to the resolver; as gRPC's own for DNS.
  package var resolutionInterval = Duration.seconds(30)

  /// How calls are balanced, made again and given defaults, by method.
  package var serviceConfig = ServiceConfig()

  /// What stands around every call, the outermost first.
  package var interceptors: [any Interceptor<ClientContext, ClientContext>] = []

  /// How much earlier a call ends that is made on behalf of another, which has a deadline.
  ///
  /// It leaves time to answer that other call, with a result or with a better error than its
  /// deadline; 50 ms are a round trip across a country and some work.
  package var deadlineMargin = Duration.milliseconds(50)

  /// The most that is kept of a call's requests to make it again, in bytes; gRPC's C core has the
  /// same.
  package var retryBufferBytes = 256 * 1024

  /// The usual limits.
  package init() {}
}
