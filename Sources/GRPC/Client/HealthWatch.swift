/// Asks a server how it is, for as long as a connection lasts.
///
/// The two messages are written and read here, since this module knows no protobuf. Sources:
/// gRFC A17, and `grpc.health.v1.Health` in grpc/grpc `doc/health-checking.md`:
/// `HealthCheckRequest { string service = 1; }`,
/// `HealthCheckResponse { ServingStatus status = 1; }` in which 1 is SERVING.
struct HealthWatch {
  private static let method = MethodDescriptor(service: "grpc.health.v1.Health", method: "Watch")

  let service: String
  let connection: ClientConnection
  let configuration: ClientConfiguration

  /// Reports until the task is cancelled, the connection is gone, or the server cannot be asked.
  func run(_ report: (Subchannel.Health) -> Void) async {
    var failures = 0
    while !Task.isCancelled {
      do {
        let plan = try CallPlan(
          ClientContext(method: HealthWatch.method, options: .init()),
          nil,
          CallPlan.Defaults(configuration)
        )
        let stream = ClientStream(connection, plan, takesOneMessage: false)
        stream.messages = [WireMessage(HealthWatch.request(service))]
        stream.isComplete = true
        stream.begin()
        while let response = try await stream.read(.next) {
          failures = 0
          report(HealthWatch.isServing(response) ? .serving : .notServing)
        }
      } catch {
        if RPCError(answering: error).code == .unimplemented { return report(.serving) }
      }
      guard !Task.isCancelled else { return }
      report(.notServing)
      let wait = configuration.backoff.delay(after: failures, random: .random(in: -1...1))
      failures += 1
      // Cancelled while it sleeps: the loop ends.
      try? await Task.sleep(for: wait)
    }
  }

  /// `HealthCheckRequest`.
  static func request(_ service: String) -> [UInt8] {
    guard !service.isEmpty else { return [] }
    var bytes: [UInt8] = [0x0a]
    var count = service.utf8.count
    while count > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: count) | 0x80)
      count >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: count))
    return bytes + service.utf8
  }

  /// Whether a `HealthCheckResponse` says SERVING; what cannot be read does not.
  ///
  /// The last `status` counts, as in any protobuf; a server that sends other fields is not one of
  /// today's.
  static func isServing(_ response: [UInt8]) -> Bool {
    var status: UInt8 = 0
    var index = 0
    while index + 1 < response.count, response[index] == 0x08 {
      status = response[index + 1]
      index += 2
    }
    return index == response.count && status == 1
  }
}
