/// The configs of methods by name, for a look-up a call.
///
/// Source: "Service Config" in grpc/grpc `doc/service_config.md`: the most precise name counts.
struct MethodTable: Sendable {
  private var configs: [MethodConfig.Name: MethodConfig] = [:]

  init(_ methods: [MethodConfig]) {
    for config in methods {
      for name in config.names { configs[name] = config }
    }
  }

  subscript(_ method: MethodDescriptor) -> MethodConfig? {
    guard !configs.isEmpty else { return nil }
    return configs[MethodConfig.Name(service: method.service, method: method.method)]
      ?? configs[MethodConfig.Name(service: method.service)]
      ?? configs[MethodConfig.Name()]
  }
}
