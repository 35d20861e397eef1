/// How the calls of a client are made: balancing, defaults of methods, retries, health.
///
/// Sources: grpc/grpc `doc/service_config.md`, gRFCs A6 (retries) and A17 (health).
package struct ServiceConfig: Sendable, Equatable {
  /// Which of a server's addresses are used.
  package enum LoadBalancing: Sendable, Equatable {
    /// The first that can be connected to, for all calls.
    case pickFirst
    /// All that can be connected to, in turns.
    case roundRobin
  }

  /// Pick first unless another is chosen.
  package var loadBalancing = LoadBalancing.pickFirst

  /// What calls of a method are made with; the most precise name counts, and no two may be alike.
  package var methods: [MethodConfig] = []

  /// When calls are no longer made again since too many fail; `nil`: never.
  package var retryThrottling: RetryThrottling?

  /// The service whose health (`grpc.health.v1.Health/Watch`) each server is asked for; empty: the
  /// server's as a whole, `nil`: none is asked.
  ///
  /// As gRFC A17 has it, pick first does not ask.
  package var healthCheckedService: String?

  /// Pick first, and nothing else.
  package init() {}
}

/// What the calls of some methods are made with.
package struct MethodConfig: Sendable, Equatable {
  /// One method, all of a service, or all there are.
  package struct Name: Sendable, Hashable {
    /// Empty: any, and then `method` is empty too.
    package let service: String

    /// Empty: any of the service.
    package let method: String

    /// All methods, all of a service, or one.
    package init(service: String = "", method: String = "") {
      self.service = service
      self.method = method
    }
  }

  /// Whose calls.
  package var names: [Name]

  /// How long a call may take; the shorter of this and the caller's counts.
  package var timeout: Duration?

  /// Whether calls wait for a connection, if the caller does not say.
  package var waitForReady: Bool?

  /// When failed calls are made again; `nil`: never.
  package var retryPolicy: RetryPolicy?

  /// The longest request message, in bytes; the least of this and the client's own counts.
  package var maxRequestMessageBytes: Int?

  /// The longest response message, in bytes; the least of this and the client's own counts.
  package var maxResponseMessageBytes: Int?

  /// Nothing but names.
  package init(names: [Name]) {
    self.names = names
  }
}

/// When a call that failed is made again.
///
/// Source: gRFC A6.
package struct RetryPolicy: Sendable, Equatable {
  /// The most that counts, whatever a policy says.
  package static let maxAttemptsLimit = 5

  /// How often the call is made in all, 2 or more; more than 5 count as 5.
  package var maxAttempts: Int

  /// The waits between; each is a fifth longer or shorter by chance.
  package var backoff: Backoff

  /// The statuses that are worth another attempt; at least one.
  package var retryableCodes: Set<RPCCode>

  /// A policy.
  package init(maxAttempts: Int, backoff: Backoff, retryableCodes: Set<RPCCode>) {
    self.maxAttempts = maxAttempts
    self.backoff = backoff
    self.retryableCodes = retryableCodes
  }
}

/// When calls are no longer made again: tokens are lost by failures and earned by successes.
///
/// Source: "Throttling Retry Attempts and Hedged RPCs" in gRFC A6.
package struct RetryThrottling: Sendable, Equatable {
  /// How many tokens there are at first and at most, 1 to 1000; below or at half of them no call is
  /// made again.
  package var maxTokens: Int

  /// What a success earns, in thousandths of a token; 1 or more.
  package var milliTokenRatio: Int

  /// Full tokens, and what a success earns of them, in thousandths.
  package init(maxTokens: Int, milliTokenRatio: Int) {
    self.maxTokens = maxTokens
    self.milliTokenRatio = milliTokenRatio
  }
}

/// A service config that cannot be used.
package struct ServiceConfigError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  package enum Problem: Sendable, Equatable {
    /// The text is not JSON.
    case malformed
    /// A field that must be there is not.
    case missing
    /// The value is of a wrong type or form.
    case unreadable
    /// The value is beyond what it may be.
    case outOfRange
    /// The name of a method stands there twice.
    case duplicate
    /// Only policies that this client does not have.
    case unsupported
  }

  /// Where, as a path of JSON names, as in `methodConfig[0].retryPolicy.maxAttempts`; empty: the
  /// whole.
  package let field: String

  /// What is wrong there.
  package let problem: Problem

  /// Both.
  package var description: String { "\(field.isEmpty ? "service config" : field): \(problem)" }
}

extension ServiceConfig {
  /// Whether everything is within its range.
  ///
  /// A client checks it when it is made.
  /// - Throws: what is not.
  package func validate() throws(ServiceConfigError) {
    var seen: Set<MethodConfig.Name> = []
    for (index, config) in methods.enumerated() {
      let path = "methodConfig[\(index)]"
      for (position, name) in config.names.enumerated() {
        let place = "\(path).name[\(position)]"
        if name.service.isEmpty, !name.method.isEmpty {
          throw ServiceConfigError(field: "\(place).service", problem: .missing)
        }
        guard seen.insert(name).inserted else {
          throw ServiceConfigError(field: place, problem: .duplicate)
        }
      }
      try check(config.timeout ?? .zero >= .zero, "\(path).timeout")
      try check(config.maxRequestMessageBytes ?? 0 >= 0, "\(path).maxRequestMessageBytes")
      try check(config.maxResponseMessageBytes ?? 0 >= 0, "\(path).maxResponseMessageBytes")
      if let policy = config.retryPolicy { try validate(policy, "\(path).retryPolicy") }
    }
    if let retryThrottling {
      try check((1...1_000).contains(retryThrottling.maxTokens), "retryThrottling.maxTokens")
      try check(retryThrottling.milliTokenRatio > 0, "retryThrottling.tokenRatio")
    }
  }

  private func validate(_ policy: RetryPolicy, _ path: String) throws(ServiceConfigError) {
    try check(policy.maxAttempts >= 2, "\(path).maxAttempts")
    try check(policy.backoff.initial > .zero, "\(path).initialBackoff")
    try check(policy.backoff.maximum > .zero, "\(path).maxBackoff")
    let multiplier = policy.backoff.multiplier
    try check(multiplier > 0 && multiplier.isFinite, "\(path).backoffMultiplier")
    try check(!policy.retryableCodes.isEmpty, "\(path).retryableStatusCodes")
  }

  private func check(_ isRight: Bool, _ field: String) throws(ServiceConfigError) {
    if !isRight { throw ServiceConfigError(field: field, problem: .outOfRange) }
  }
}
