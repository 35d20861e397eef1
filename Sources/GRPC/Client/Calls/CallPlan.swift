/// How a call is made: what its caller, its method's config and the call that it is made for say,
/// taken together.
struct CallPlan: Sendable {
  /// What a client's configuration says of every call; copied for nothing.
  struct Defaults: Sendable {
    let compression: Compression
    let maxRequestBytes: Int
    let maxResponseBytes: Int
    let deadlineMargin: Duration

    init(_ configuration: ClientConfiguration) {
      compression = configuration.compression
      maxRequestBytes = configuration.maxSendMessageBytes
      maxResponseBytes = configuration.maxMessageBytes
      deadlineMargin = configuration.deadlineMargin
    }
  }

  let method: MethodDescriptor
  let metadata: Metadata
  let deadline: ContinuousClock.Instant?
  let waitForReady: Bool
  let retryPolicy: RetryPolicy?
  let compression: Compression
  let maxRequestBytes: Int
  let maxResponseBytes: Int

  /// - Throws: `DEADLINE_EXCEEDED` if there is no time left.
  init(
    _ context: ClientContext,
    _ config: MethodConfig?,
    _ defaults: Defaults
  ) throws {
    method = context.method
    metadata = context.options.metadata
    waitForReady = context.options.waitForReady ?? config?.waitForReady ?? false
    retryPolicy = config?.retryPolicy
    compression = context.options.compression ?? defaults.compression
    maxRequestBytes = min(
      config?.maxRequestMessageBytes ?? .max,
      context.options.maxRequestBytes ?? defaults.maxRequestBytes
    )
    maxResponseBytes = min(
      config?.maxResponseMessageBytes ?? .max,
      context.options.maxResponseBytes ?? defaults.maxResponseBytes
    )
    var deadline = Deadline.current.map { $0 - defaults.deadlineMargin }
    if let timeout = CallPlan.least(context.options.timeout, config?.timeout) {
      deadline = CallPlan.least(deadline, .now + timeout)
    }
    if let deadline, deadline <= .now { throw RPCError.deadlinePassed }
    self.deadline = deadline
  }

  private static func least<Value: Comparable>(_ one: Value?, _ other: Value?) -> Value? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
  }

  /// A request as the call sends it.
  ///
  /// - Throws: `RESOURCE_EXHAUSTED` if it is over the limit.
  func sealed(_ bytes: [UInt8], compress: Bool = true) async throws(RPCError) -> WireMessage {
    let message = try WireMessage(bytes, limit: maxRequestBytes)
    return compress && compression == .gzip ? await message.compressed() : message
  }
}
