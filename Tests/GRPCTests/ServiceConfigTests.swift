import Testing

@testable import GRPC

@Suite("Service config")
struct ServiceConfigTests {
  @Test func `is read from JSON`() throws {
    let config = try ServiceConfig(
      json: """
        {
          "loadBalancingConfig": [{"grpclb": {}}, {"round_robin": {}}],
          "methodConfig": [
            {
              "name": [{"service": "a.A", "method": "B"}, {"service": "a.C"}],
              "timeout": "1.5s",
              "waitForReady": true,
              "maxRequestMessageBytes": 1000,
              "maxResponseMessageBytes": "2000",
              "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": ".1s",
                "maxBackoff": "3s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "aborted", 4]
              }
            },
            {"name": [{}], "timeout": "10.000000001s"}
          ],
          "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
          "healthCheckConfig": {"serviceName": "a.A"},
          "somethingNew": [1, {"a": null}]
        }
        """
    )
    #expect(config.loadBalancing == .roundRobin)
    #expect(config.healthCheckedService == "a.A")
    #expect(config.retryThrottling == RetryThrottling(maxTokens: 10, milliTokenRatio: 100))
    let table = MethodTable(config.methods)
    let exact = try #require(table[MethodDescriptor(service: "a.A", method: "B")])
    #expect(exact.timeout == .milliseconds(1500))
    #expect(exact.waitForReady == true)
    #expect(exact.maxRequestMessageBytes == 1000)
    #expect(exact.maxResponseMessageBytes == 2000)
    #expect(
      exact.retryPolicy
        == RetryPolicy(
          maxAttempts: 4,
          backoff: Backoff(
            initial: .milliseconds(100),
            multiplier: 2,
            maximum: .seconds(3)
          ),
          retryableCodes: [.unavailable, .aborted, .deadlineExceeded]
        )
    )
    #expect(table[MethodDescriptor(service: "a.C", method: "X")] == exact)
    let other = table[MethodDescriptor(service: "a.A", method: "X")]
    #expect(other?.timeout == .seconds(10) + .nanoseconds(1))
  }

  @Test func `asks for nothing when it is empty`() throws {
    #expect(try ServiceConfig(json: "{}") == ServiceConfig())
    #expect(MethodTable([])[MethodDescriptor(service: "a", method: "b")] == nil)
  }

  @Test(arguments: [
    ("pick_first", ServiceConfig.LoadBalancing.pickFirst), ("ROUND_ROBIN", .roundRobin),
  ])
  func `may name its policy in the old way`(
    name: String,
    policy: ServiceConfig.LoadBalancing
  ) throws {
    #expect(
      try ServiceConfig(json: #"{"loadBalancingPolicy": "\#(name)"}"#).loadBalancing == policy
    )
  }

  /// A method's config with one field of its retry policy replaced; an empty value: left out.
  private static func policy(_ field: String, _ value: String) -> String {
    var fields = [
      "maxAttempts": "2", "initialBackoff": #""1s""#, "maxBackoff": #""1s""#,
      "backoffMultiplier": "2", "retryableStatusCodes": #"["ABORTED"]"#,
    ]
    fields[field] = value.isEmpty ? nil : value
    let text = fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
    return #"{"methodConfig": [{"name": [{}], "retryPolicy": {\#(text)}}]}"#
  }

  private static let retry = "methodConfig[0].retryPolicy."

  @Test(
    arguments: [
      ("maxAttempts", "1", ServiceConfigError.Problem.outOfRange),
      ("maxAttempts", "", .missing),
      ("maxAttempts", "2.5", .unreadable),
      ("initialBackoff", #""0s""#, .outOfRange),
      ("initialBackoff", #""1""#, .unreadable),
      ("initialBackoff", #""1.0000000001s""#, .unreadable),
      ("initialBackoff", #""s""#, .unreadable),
      ("maxBackoff", #""-1s""#, .outOfRange),
      ("maxBackoff", "1", .unreadable),
      ("backoffMultiplier", "0", .outOfRange),
      ("retryableStatusCodes", "[]", .outOfRange),
      ("retryableStatusCodes", "", .missing),
    ]
  )
  func `with a wrong retry policy is refused, by field`(
    field: String,
    value: String,
    problem: ServiceConfigError.Problem
  ) {
    #expect(throws: ServiceConfigError(field: Self.retry + field, problem: problem)) {
      try ServiceConfig(json: Self.policy(field, value))
    }
  }

  @Test(
    arguments: [
      ("[]", "", ServiceConfigError.Problem.unreadable),
      ("{", "", .malformed),
      (#"{"loadBalancingConfig": [{"grpclb": {}}]}"#, "loadBalancingConfig", .unsupported),
      (#"{"loadBalancingConfig": [{}]}"#, "loadBalancingConfig[0]", .unreadable),
      (#"{"loadBalancingPolicy": "best"}"#, "loadBalancingPolicy", .unsupported),
      (
        #"{"methodConfig": [{"name": [{"method": "a"}]}]}"#, "methodConfig[0].name[0].service",
        .missing
      ),
      (
        #"{"methodConfig": [{"name": [{"service": "a"}]}, {"name": [{"service": "a"}]}]}"#,
        "methodConfig[1].name[0]", .duplicate
      ),
      (
        #"{"methodConfig": [{"name": [{}], "timeout": "-1s"}]}"#, "methodConfig[0].timeout",
        .outOfRange
      ),
      (
        #"{"retryThrottling": {"maxTokens": 0, "tokenRatio": 1}}"#, "retryThrottling.maxTokens",
        .outOfRange
      ),
      (
        #"{"retryThrottling": {"maxTokens": 1001, "tokenRatio": 1}}"#, "retryThrottling.maxTokens",
        .outOfRange
      ),
      (
        #"{"retryThrottling": {"maxTokens": 1, "tokenRatio": 0.0001}}"#,
        "retryThrottling.tokenRatio", .outOfRange
      ),
    ]
  )
  func `that is wrong is refused, by field`(
    json: String,
    field: String,
    problem: ServiceConfigError.Problem
  ) {
    #expect(throws: ServiceConfigError(field: field, problem: problem)) {
      try ServiceConfig(json: json)
    }
  }
}
