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

  @Option(
    name: .customLong("additional_metadata"),
    help: "Metadata of every call, as `key:value;key:value`."
  )
  var additionalMetadata = ""

  func validate() throws {
    guard (1...65_535).contains(serverPort) else {
      throw ValidationError("--server_port is from 1 to 65535")
    }
    _ = try metadata()
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

  func makeChannel(_ group: any EventLoopGroup) -> GRPCClient {
    GRPCClient(host: serverHost, port: serverPort, security: .plaintext, group: group)
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
