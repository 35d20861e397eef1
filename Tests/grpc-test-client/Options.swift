import ArgumentParser
import GRPC
import Interop
import NIOCore

/// Where the server is.
struct ConnectionOptions: ParsableArguments {
  @Option(name: .customLong("server_host"), help: "Address or name of the server.")
  var serverHost = "127.0.0.1"

  @Option(name: .customLong("server_port"), help: "Port of the server.")
  var serverPort: Int

  @Option(name: .customLong("use_tls"), help: "Whether to speak TLS.")
  var useTLS = false

  @Option(
    name: .customLong("use_test_ca"),
    help: "Whether to believe gRPC's own test authority, and not those of this system."
  )
  var useTestCA = false

  @Option(name: .customLong("ca_file"), help: "Believe the roots of this file, in PEM, alone.")
  var caFile: String?

  @Option(
    name: .customLong("server_host_override"),
    help: "With TLS, the name that the server's certificate bears and that is called."
  )
  var serverHostOverride: String?

  @Option(name: .customLong("tls_certificate"), help: "Show the certificate of this file.")
  var certificate: String?

  @Option(name: .customLong("tls_key"), help: "The file of its key.")
  var key: String?

  @Option(
    name: .customLong("service_config_json"),
    help: "The service config of the channel, as grpc/grpc doc/service_config.md has it."
  )
  var serviceConfigJSON: String?

  @Option(
    name: .customLong("additional_metadata"),
    help: "Metadata of every call, as `key:value;key:value`."
  )
  var additionalMetadata = ""

  func validate() throws {
    guard (1...65_535).contains(serverPort) else {
      throw ValidationError("--server_port is from 1 to 65535")
    }
    guard (certificate == nil) == (key == nil) else {
      throw ValidationError("--tls_certificate and --tls_key go together")
    }
    guard !useTestCA || caFile == nil else {
      throw ValidationError("--use_test_ca and --ca_file exclude each other")
    }
    _ = try metadata()
    _ = try configuration()
  }

  /// What every call carries besides.
  func metadata() throws -> Metadata {
    var metadata = Metadata()
    for field in additionalMetadata.split(separator: ";") {
      let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, metadata.add(String(parts[1]), for: String(parts[0])) else {
        throw ValidationError("--additional_metadata: '\(field)' is not key:value")
      }
    }
    return metadata
  }

  /// What is not the server's address.
  func configuration() throws -> ClientConfiguration {
    var configuration = ClientConfiguration()
    guard let serviceConfigJSON, !serviceConfigJSON.isEmpty else { return configuration }
    do {
      configuration.serviceConfig = try ServiceConfig(json: serviceConfigJSON)
    } catch {
      throw ValidationError("--service_config_json: \(error)")
    }
    return configuration
  }

  private var security: ClientSecurity {
    guard useTLS else { return .plaintext }
    var roots = ClientTLS.TrustRoots.system
    if useTestCA { roots = .pem(TestAuthority.roots) }
    if let caFile { roots = .pem(.file(caFile)) }
    var tls = ClientTLS(trustRoots: roots)
    if let certificate, let key {
      tls.identity = TLSIdentity(certificateChain: .file(certificate), privateKey: .file(key))
    }
    if let serverHostOverride, !serverHostOverride.isEmpty { tls.serverName = serverHostOverride }
    return .tls(tls)
  }

  func makeChannel(
    _ configuration: ClientConfiguration,
    _ group: any EventLoopGroup
  ) -> GRPCClient {
    GRPCClient(
      host: serverHost,
      port: serverPort,
      security: security,
      configuration: configuration,
      group: group
    )
  }
}

/// How the soak cases are made.
struct SoakFlags: ParsableArguments {
  @Option(name: .customLong("soak_iterations"), help: "How many calls.")
  var iterations = SoakOptions().iterations

  @Option(name: .customLong("soak_max_failures"), help: "How many may fail or be slow.")
  var maxFailures = SoakOptions().maxFailures

  @Option(
    name: .customLong("soak_per_iteration_max_acceptable_latency_ms"),
    help: "How long a call may take, in milliseconds."
  )
  var maxLatencyMilliseconds = 1_000

  @Option(
    name: .customLong("soak_min_time_ms_between_rpcs"),
    help: "How long from one call to the next, at least, in milliseconds."
  )
  var minTimeMilliseconds = 0

  @Option(
    name: .customLong("soak_overall_timeout_seconds"),
    help: "How long all of them may take; by default a second for each call."
  )
  var overallTimeoutSeconds: Int?

  @Option(
    name: .customLong("soak_num_threads"),
    help: "Tasks that make the calls, each its share."
  )
  var tasks = SoakOptions().tasks

  @Option(name: .customLong("soak_request_size"), help: "Size of the request, in bytes.")
  var requestSize = SoakOptions().requestSize

  @Option(name: .customLong("soak_response_size"), help: "Size of the response, in bytes.")
  var responseSize = SoakOptions().responseSize

  func validate() throws {
    guard iterations >= 0, maxFailures >= 0, maxLatencyMilliseconds >= 0, minTimeMilliseconds >= 0,
      (overallTimeoutSeconds ?? 0) >= 0, tasks > 0, requestSize >= 0,
      (0...Int(Int32.max)).contains(responseSize)
    else { throw ValidationError("a number of the --soak flags is out of its range") }
  }

  /// What the flags say.
  var options: SoakOptions {
    var options = SoakOptions()
    options.iterations = iterations
    options.maxFailures = maxFailures
    options.maxLatency = .milliseconds(maxLatencyMilliseconds)
    options.minTimeBetweenCalls = .milliseconds(minTimeMilliseconds)
    options.overallTimeout = .seconds(overallTimeoutSeconds ?? iterations)
    options.tasks = tasks
    options.requestSize = requestSize
    options.responseSize = responseSize
    return options
  }
}
