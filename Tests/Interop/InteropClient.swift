package import GRPC

/// What a case is run with: a channel, and what the command line says of it.
package struct InteropClient: Sendable {
  /// The channel that every case but `channel_soak` uses.
  package let channel: GRPCClient

  /// Makes another channel to the same server, which its user closes.
  package let makeChannel: @Sendable () -> GRPCClient

  /// What every call carries besides.
  package var metadata = Metadata()

  /// How long `timeout_on_sleeping_server` lets the server sleep.
  package var sleepTimeout = Duration.milliseconds(1)

  /// How the soak cases are made.
  package var soak = SoakOptions()

  /// Is told what a case finds worth a line.
  package var note: @Sendable (String) -> Void = { _ in }

  /// A client with the usual options.
  ///
  /// - Parameter makeChannel: Is called at once, and by cases that want channels of their own.
  package init(makeChannel: @escaping @Sendable () -> GRPCClient) {
    channel = makeChannel()
    self.makeChannel = makeChannel
  }

  /// The test service, on the channel.
  var service: GRPCTesting.TestServiceClient { GRPCTesting.TestServiceClient(channel) }

  /// The options of a call that has none of its own.
  var options: CallOptions { CallOptions(metadata: metadata) }
}
