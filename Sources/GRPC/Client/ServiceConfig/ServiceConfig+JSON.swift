import FoundationEssentials

extension ServiceConfig {
  /// A service config from its JSON form, the one of proto3 JSON for `grpc.service_config`.
  ///
  /// Fields that this client does not know are ignored; of the balancing policies the first that
  /// it has counts.
  /// - Throws: what cannot be read, or is beyond its range.
  package init(json: String) throws(ServiceConfigError) {
    let decoded: JSONForm
    do {
      decoded = try JSONDecoder().decode(JSONForm.self, from: Data(json.utf8))
    } catch let error as DecodingError {
      throw ServiceConfigError(error)
    } catch {
      throw ServiceConfigError(field: "", problem: .malformed)
    }
    loadBalancing = try ServiceConfig.loadBalancing(decoded)
    methods = decoded.methodConfig ?? []
    retryThrottling = decoded.retryThrottling
    healthCheckedService = decoded.healthCheckConfig.map { $0.serviceName ?? "" }
    try validate()
  }

  private struct JSONForm: Decodable {
    struct HealthCheck: Decodable {
      let serviceName: String?
    }

    let loadBalancingPolicy: String?
    let loadBalancingConfig: [[String: Ignored]]?
    let methodConfig: [MethodConfig]?
    let retryThrottling: RetryThrottling?
    let healthCheckConfig: HealthCheck?
  }

  /// Any value.
  private struct Ignored: Decodable {
    init(from decoder: any Decoder) {}
  }

  private static func loadBalancing(
    _ form: JSONForm
  ) throws(ServiceConfigError) -> LoadBalancing {
    if let list = form.loadBalancingConfig {
      for (index, entry) in list.enumerated() {
        guard entry.count == 1, let name = entry.keys.first else {
          throw ServiceConfigError(field: "loadBalancingConfig[\(index)]", problem: .unreadable)
        }
        if let policy = LoadBalancing(name) { return policy }
      }
      throw ServiceConfigError(field: "loadBalancingConfig", problem: .unsupported)
    }
    guard let name = form.loadBalancingPolicy else { return .pickFirst }
    guard let policy = LoadBalancing(name.lowercased()) else {
      throw ServiceConfigError(field: "loadBalancingPolicy", problem: .unsupported)
    }
    return policy
  }
}

extension ServiceConfig.LoadBalancing {
  fileprivate init?(_ name: String) {
    switch name {
    case "pick_first": self = .pickFirst
    case "round_robin": self = .roundRobin
    default: return nil
    }
  }
}

extension ServiceConfigError {
  fileprivate init(_ error: DecodingError) {
    let (path, last, problem): ([any CodingKey], (any CodingKey)?, Problem) =
      switch error {
      case .keyNotFound(let key, let context): (context.codingPath, key, .missing)
      case .typeMismatch(_, let context), .valueNotFound(_, let context):
        (context.codingPath, nil, .unreadable)
      case .dataCorrupted(let context):
        (context.codingPath, nil, context.codingPath.isEmpty ? .malformed : .unreadable)
      @unknown default: ([], nil, .malformed)
      }
    var field = ""
    for key in path + (last.map { [$0] } ?? []) {
      if let index = key.intValue {
        field += "[\(index)]"
      } else {
        field += field.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    self.init(field: field, problem: problem)
  }
}

extension MethodConfig: Decodable {
  private enum Key: CodingKey {
    case name, timeout, waitForReady, retryPolicy, maxRequestMessageBytes, maxResponseMessageBytes
  }

  /// From its JSON form.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    names = try fields.decodeIfPresent([Name].self, forKey: .name) ?? []
    timeout = try fields.decodeIfPresent(JSONDuration.self, forKey: .timeout)?.duration
    waitForReady = try fields.decodeIfPresent(Bool.self, forKey: .waitForReady)
    retryPolicy = try fields.decodeIfPresent(RetryPolicy.self, forKey: .retryPolicy)
    maxRequestMessageBytes = try fields.decodeIfPresent(
      JSONInteger.self,
      forKey: .maxRequestMessageBytes
    )?.value
    maxResponseMessageBytes = try fields.decodeIfPresent(
      JSONInteger.self,
      forKey: .maxResponseMessageBytes
    )?.value
  }
}

extension MethodConfig.Name: Decodable {
  private enum Key: CodingKey {
    case service, method
  }

  /// From its JSON form, in which absent and empty are the same.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    service = try fields.decodeIfPresent(String.self, forKey: .service) ?? ""
    method = try fields.decodeIfPresent(String.self, forKey: .method) ?? ""
  }
}

extension RetryPolicy: Decodable {
  private enum Key: CodingKey {
    case maxAttempts, initialBackoff, maxBackoff, backoffMultiplier, retryableStatusCodes
  }

  /// From its JSON form, in which every field must be there.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    maxAttempts = try fields.decode(JSONInteger.self, forKey: .maxAttempts).value
    backoff = Backoff(
      initial: try fields.decode(JSONDuration.self, forKey: .initialBackoff).duration,
      multiplier: try fields.decode(Double.self, forKey: .backoffMultiplier),
      maximum: try fields.decode(JSONDuration.self, forKey: .maxBackoff).duration
    )
    retryableCodes = Set(
      try fields.decode([JSONCode].self, forKey: .retryableStatusCodes).map(\.code)
    )
  }
}

extension RetryThrottling: Decodable {
  private enum Key: CodingKey {
    case maxTokens, tokenRatio
  }

  /// From its JSON form; of the ratio three decimal places count.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    maxTokens = try fields.decode(JSONInteger.self, forKey: .maxTokens).value
    let ratio = try fields.decode(Double.self, forKey: .tokenRatio)
    milliTokenRatio = Int(exactly: (min(ratio, 1_000) * 1_000).rounded(.down)) ?? 0
  }
}

/// `google.protobuf.Duration` in proto3 JSON: seconds with up to nine decimal places and an "s".
private struct JSONDuration: Decodable {
  let duration: Duration

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let duration = JSONDuration.parse(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a duration")
    }
    self.duration = duration
  }

  private static func parse(_ text: String) -> Duration? {
    guard text.hasSuffix("s") else { return nil }
    let isNegative = text.hasPrefix("-")
    let number = text.dropLast().dropFirst(isNegative ? 1 : 0)
    let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : ""
    guard number.utf8.contains(where: { $0 != UInt8(ascii: ".") }), fraction.utf8.count <= 9,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let seconds = Int64(parts[0].isEmpty ? "0" : parts[0]), seconds <= 315_576_000_000,
      let nanoseconds = Int64(
        fraction + String(repeating: "0", count: 9 - fraction.utf8.count)
      )
    else { return nil }
    let duration = Duration.seconds(seconds) + .nanoseconds(nanoseconds)
    return isNegative ? .zero - duration : duration
  }
}

/// A whole number, which proto3 JSON also writes as text.
private struct JSONInteger: Decodable {
  let value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let value: Int?
    if let text = try? container.decode(String.self) {
      value = Int(text)
    } else {
      value = Int(exactly: try container.decode(Double.self))
    }
    guard let value else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a number")
    }
    self.value = value
  }
}

/// A status by name or number.
private struct JSONCode: Decodable {
  let code: RPCCode

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let code: RPCCode?
    if let name = try? container.decode(String.self) {
      code = RPCCode(name: name.uppercased())
    } else {
      let number = try container.decode(Int.self)
      code = (0...16).contains(number) ? RPCCode(rawValue: number) : nil
    }
    guard let code else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a status")
    }
    self.code = code
  }
}
