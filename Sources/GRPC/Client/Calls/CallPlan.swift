/// How a call is made: what its caller, its method's config and the call that it is made for say,
/// taken together.
struct CallPlan: Sendable {
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
    _ configuration: ClientConfiguration
  ) throws {
    method = context.method
    metadata = context.options.metadata
    waitForReady = context.options.waitForReady ?? config?.waitForReady ?? false
    retryPolicy = config?.retryPolicy
    compression = context.options.compression ?? configuration.compression
    maxRequestBytes = min(
      config?.maxRequestMessageBytes ?? .max,
      context.options.maxRequestBytes ?? configuration.maxSendMessageBytes
    )
    maxResponseBytes = min(
      config?.maxResponseMessageBytes ?? .max,
      context.options.maxResponseBytes ?? configuration.maxMessageBytes
    )
    let outer = Deadline.current.map { $0 - configuration.deadlineMargin }
    let timeout = [context.options.timeout, config?.timeout].compactMap(\.self).min()
    if outer == nil, timeout == nil {
      deadline = nil
      return
    }
    let now = ContinuousClock.now
    let deadline = [outer, timeout.map { now + $0 }].compactMap(\.self).min() ?? now
    guard deadline > now else { throw RPCError.deadlinePassed }
    self.deadline = deadline
  }

  /// A request as the call sends it.
  ///
  /// - Throws: `RESOURCE_EXHAUSTED` if it is over the limit.
  func sealed(_ bytes: [UInt8], compress: Bool = true) async throws(RPCError) -> WireMessage {
    let message = try WireMessage(bytes, limit: maxRequestBytes)
    return compress && compression == .gzip ? await message.compressed() : message
  }
}
